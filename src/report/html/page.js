"use strict";
(() => {
  const form = document.getElementById("filters");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const total = Number(shown.dataset.total);
  if (total === 0) return;

  const facets = [...form.querySelectorAll("fieldset")].map((fieldset) => ({
    key: fieldset.dataset.facet,
    values: [...fieldset.querySelectorAll("input")].map((input) => ({
      input,
      label: input.closest("label"),
      number: input.closest("label").querySelector(".number"),
    })),
  }));
  const components = [...document.querySelectorAll(".component")].map((element) => ({
    element,
    number: element.querySelector("h2 > .number"),
    link: document.querySelector(`nav a[href="#${element.id}"]`)?.closest("li"),
    promises: [...element.querySelectorAll(".promise")].map((promise) => {
      const said = promise.querySelector(".said")?.textContent ?? "";
      const heading = promise.querySelector("h3").textContent;
      return {
        element: promise,
        number: promise.querySelector("h3 > .number"),
        findings: [...promise.querySelectorAll(".finding")].map((finding) => ({
          element: finding,
          values: facets.map((facet) => finding.dataset[facet.key]),
          // The lines around a place are those of other findings.
          text: [...finding.children].filter((part) => !part.matches(".source")).map((part) => part.textContent)
            .concat(heading, said).join(" ").toLowerCase(),
        })),
      };
    }),
  }));

  const hide = (element, isHidden) => {
    if (element && element.hidden !== isHidden) element.hidden = isHidden;
  };

  // Nothing chosen in a filter lets everything pass; what is counted at a value is what choosing it alone would show.
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = facets.map((facet) => new Set(facet.values.filter((it) => it.input.checked).map((it) => it.input.value)));
    const counts = facets.map(() => new Map());
    let all = 0;
    for (const component of components) {
      let inComponent = 0;
      for (const promise of component.promises) {
        let inPromise = 0;
        for (const finding of promise.findings) {
          const misses = words.every((word) => finding.text.includes(word))
            ? facets.map((_, i) => i).filter((i) => chosen[i].size > 0 && !chosen[i].has(finding.values[i]))
            : null;
          if (misses !== null) {
            facets.forEach((_, i) => {
              if (misses.length === 0 || (misses.length === 1 && misses[0] === i)) {
                const value = finding.values[i];
                counts[i].set(value, (counts[i].get(value) ?? 0) + 1);
              }
            });
          }
          const passes = misses !== null && misses.length === 0;
          hide(finding.element, !passes);
          if (passes) inPromise += 1;
        }
        hide(promise.element, inPromise === 0);
        promise.number.textContent = inPromise;
        inComponent += inPromise;
      }
      hide(component.element, inComponent === 0);
      hide(component.link, inComponent === 0);
      component.number.textContent = inComponent;
      if (component.link) component.link.querySelector(".number").textContent = inComponent;
      all += inComponent;
    }
    facets.forEach((facet, i) => {
      for (const { input, label, number } of facet.values) {
        const count = counts[i].get(input.value) ?? 0;
        number.textContent = count;
        label.classList.toggle("none", count === 0);
      }
    });
    const noun = total === 1 ? "finding" : "findings";
    shown.textContent = all === total ? `${total} ${noun}` : `${all} of ${total} ${noun}`;
    hide(nothing, all !== 0);
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", apply);
  search.addEventListener("input", apply);
  // The fields are empty only after the event.
  form.addEventListener("reset", () => setTimeout(apply));
  // What is folded is not printed by browsers that do not know ::details-content.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
  form.hidden = false;
  // Where there is no room beside the findings the filters would push them off the screen.
  if (matchMedia("(max-width: 62rem)").matches) document.getElementById("filter-by").open = false;
  // A browser may have kept what was chosen before the page was loaded again.
  apply();
})();
