"use strict";
// The theme that the reader chose is that of the next page, too. Of pages from a disk some browsers keep nothing, and say so by throwing.
(() => {
  const KEY = "protopact-theme";
  const themes = [...document.querySelectorAll('input[name="theme"]')];
  try {
    const kept = localStorage.getItem(KEY);
    for (const theme of themes) if (theme.value === kept) theme.checked = true;
  } catch {}
  const keep = (event) => {
    try {
      localStorage.setItem(KEY, event.target.value);
    } catch {}
  };
  for (const theme of themes) theme.addEventListener("change", keep);
})();
