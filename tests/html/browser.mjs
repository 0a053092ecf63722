// Uses the page as a person would, in Chromium: with a mouse, with a keyboard alone, without JavaScript, in the dark, on paper.
// Arguments: the pages of testdata/orders, of hostile schemas, of a comparison that found nothing, of 5,000 findings, and of an audit.
// PROTOPACT_PICTURES names a folder for pictures of what it saw.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(join(resolve(process.env.PROTOPACT_PLAYWRIGHT), "/"))("playwright-core");
const [orders, hostile, unchanged, large, audit] = process.argv.slice(2).map((path) => pathToFileURL(path).href);

const browser = await chromium.launch({
  executablePath: process.env.PROTOPACT_CHROMIUM,
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

// Opens a page; whatever it says on the console, asks for or fails at is an error.
async function open(url, options = {}, script) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  if (script) await page.addInitScript(script);
  const trouble = [];
  page.on("console", (message) => trouble.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => trouble.push(`error: ${error}`));
  page.on("dialog", (dialog) => trouble.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => request.url().split("#")[0] === url || trouble.push(`request: ${request.url()}`));
  await page.goto(url);
  const close = async () => {
    await context.close();
    assert.deepEqual(trouble, [], url);
  };
  return { page, close };
}

async function picture(page, name) {
  const folder = process.env.PROTOPACT_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const visible = (page) => page.locator("article:visible").count();
const shown = (page) => page.locator("#shown").textContent();
const number = (page, value) => page.locator(`label:has(input[value="${value}"]) .number`).textContent();
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

// Filters and search, with a mouse; counts follow.
{
  const { page, close } = await open(orders);
  await picture(page, "light");
  assert.equal(await visible(page), 6);
  assert.equal(await shown(page), "6 findings");
  await page.getByRole("checkbox", { name: "note" }).check();
  assert.equal(await visible(page), 2);
  assert.equal(await shown(page), "2 of 6 findings");
  // What a filter counts is what it would show, itself aside.
  assert.equal(await number(page, "error"), "4");
  assert.equal(await number(page, "failing"), "0");
  assert.equal(await number(page, "reported"), "2");
  assert.equal(await page.locator("section.component:visible").count(), 1);
  assert.equal(await page.locator("section.component:visible > h2 > .number").textContent(), "2");
  await page.getByRole("button", { name: "Show all findings" }).click();
  await page.waitForFunction(() => document.getElementById("shown").textContent === "6 findings");
  await page.getByRole("checkbox", { name: "exempt" }).check();
  await page.getByRole("checkbox", { name: "failing" }).check();
  assert.equal(await visible(page), 4);
  await page.getByRole("checkbox", { name: "development" }).check();
  assert.equal(await visible(page), 1);
  await page.getByRole("button", { name: "Show all findings" }).click();
  await page.waitForFunction(() => document.getElementById("shown").textContent === "6 findings");
  await page.getByRole("searchbox", { name: "Search" }).fill("INT32 widened");
  assert.equal(await visible(page), 1);
  assert.equal(await number(page, "error"), "1");
  assert.equal(await number(page, "note"), "0");
  await picture(page, "filtered");
  await page.getByRole("searchbox").fill("no such thing");
  assert.equal(await visible(page), 0);
  assert.equal(await page.locator("#nothing").isVisible(), true);
  // Words that changed are marked on both sides, and the place of the finding in them.
  await page.getByRole("searchbox").fill("total_cents");
  const source = page.locator("article:visible table");
  assert.equal(await source.locator("td.del mark").textContent(), "int32");
  assert.equal(await source.locator("td.ins mark").textContent(), "int64");
  // Enter sends nothing anywhere.
  await page.getByRole("searchbox").press("Enter");
  await close();
}

// The theme: the system's, and each by choice.
for (const colorScheme of ["light", "dark"]) {
  const { page, close } = await open(orders, { colorScheme });
  const [light, dark] = ["rgb(255, 255, 255)", "rgb(20, 23, 28)"];
  assert.equal(await background(page), colorScheme === "dark" ? dark : light);
  await page.getByRole("radio", { name: "Light" }).check();
  assert.equal(await background(page), light);
  await page.getByRole("radio", { name: "Dark" }).check();
  assert.equal(await background(page), dark);
  await picture(page, "dark");
  // Paper is white.
  await page.emulateMedia({ media: "print" });
  assert.equal(await background(page), light);
  assert.equal(await page.locator("form").isVisible(), false);
  await close();
}

// The theme that was chosen is kept, for the other page too; where nothing can be kept it is a choice all the same.
{
  const dark = "rgb(20, 23, 28)";
  const { page, close } = await open(orders);
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.reload();
  assert.equal(await page.getByRole("radio", { name: "Dark" }).isChecked(), true);
  assert.equal(await background(page), dark);
  await page.evaluate(() => localStorage.setItem("protopact-theme", '"]<b>'));
  await page.reload();
  assert.equal(await page.getByRole("radio", { name: "System" }).isChecked(), true);
  await close();
}
for (const url of [orders, audit]) {
  const { page, close } = await open(url, {}, () => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    });
  });
  await page.getByRole("radio", { name: "Dark" }).check();
  assert.equal(await background(page), "rgb(20, 23, 28)");
  await close();
}

// The page of an audit: the same themes, a timeline that leads to the table, nothing wider than a telephone.
for (const options of [{}, { colorScheme: "dark" }, { javaScriptEnabled: false }, { viewport: { width: 360, height: 800 } }]) {
  const { page, close } = await open(audit, options);
  // The timeline has a stop for each release; who goes without a mouse can leave them out.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.ok(page.url().endsWith("#releases"), page.url());
  if (options.javaScriptEnabled !== false) {
    const { wide, narrow } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      narrow: document.documentElement.clientWidth,
    }));
    assert.ok(wide <= narrow, `${wide} of ${narrow}`);
    await page.getByRole("radio", { name: "Light" }).check();
    assert.equal(await background(page), "rgb(255, 255, 255)");
    await page.getByRole("radio", { name: "Dark" }).check();
    assert.equal(await background(page), "rgb(20, 23, 28)");
  }
  await page.locator("svg a").first().focus();
  await page.keyboard.press("Enter");
  assert.ok(page.url().endsWith("#release-1"));
  assert.equal(await page.locator("tbody tr").count(), 2);
  await close();
}

// A keyboard is enough, and says where it is.
{
  const { page, close } = await open(orders);
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.value);
  assert.equal(await focused(), "Skip to the findings");
  assert.equal(await page.locator(".skip").isVisible(), true);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "findings");
  await page.locator("#search").focus();
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "error");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  await page.keyboard.press("Space");
  assert.equal(await visible(page), 4);
  // Every control and every part that folds has a name; headings leave no level out.
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("input")].filter((input) => !input.labels.length || !input.labels[0].textContent.trim()).length);
  assert.equal(nameless, 0);
  const levels = await page.evaluate(() => [...document.querySelectorAll("h1, h2, h3, h4")].map((it) => Number(it.tagName[1])));
  assert.equal(levels[0], 1);
  levels.reduce((before, level) => (assert.ok(level <= before + 1 && (level > 1 || before === 0)), level), 0);
  await close();
}

// Without JavaScript everything is there but the filters, and the theme works.
{
  const { page, close } = await open(orders, { javaScriptEnabled: false });
  assert.equal(await page.locator("article:visible").count(), 6);
  assert.equal(await page.locator("form").isVisible(), false);
  await page.getByRole("radio", { name: "Dark" }).check();
  await picture(page, "without-script");
  await close();
}

// A telephone: nothing is wider than the screen, and no source is left out.
for (const url of [orders, hostile]) {
  const { page, close } = await open(url, { viewport: { width: 360, height: 800 } });
  const { wide, narrow } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    narrow: document.documentElement.clientWidth,
  }));
  assert.ok(wide <= narrow, `${url}: ${wide} of ${narrow}`);
  assert.ok((await page.locator("article:visible tr:visible").count()) > 0);
  await picture(page, url === orders ? "narrow" : "hostile-narrow");
  await close();
}

// Text is text.
{
  const { page, close } = await open(hostile);
  assert.equal(await page.locator("script").count(), 2);
  assert.ok((await page.locator("main").textContent()).includes("<script>alert(1)</script>"));
  await picture(page, "hostile");
  await close();
}

// Nothing to show, nothing to filter.
{
  const { page, close } = await open(unchanged);
  assert.equal(await page.locator("form").isVisible(), false);
  assert.ok((await page.locator("main").textContent()).includes("Nothing was found."));
  await picture(page, "unchanged");
  await close();
}

// Five thousand findings can be searched.
{
  const { page, close } = await open(large);
  assert.equal(await shown(page), "5000 findings");
  const took = await page.evaluate(() => {
    const search = document.getElementById("search");
    const started = performance.now();
    search.value = "some_name_4321";
    search.dispatchEvent(new Event("input", { bubbles: true }));
    return performance.now() - started;
  });
  assert.equal(await shown(page), "1 of 5000 findings");
  process.stdout.write(`a search of 5,000 findings took ${Math.round(took)} ms\n`);
  await close();
}

await browser.close();
