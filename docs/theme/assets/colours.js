// The colours that a reader chose, before anything is drawn. Without a choice they are the system's.
(() => {
  document.documentElement.classList.add("js");
  try {
    const chosen = localStorage.getItem("colours");
    if (chosen) document.documentElement.dataset.colours = chosen;
  } catch { /* a folder's page may be refused a memory */ }
})();
