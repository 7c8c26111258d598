// What the pages do beyond being read: colours, the menu of a narrow window, and the search. The
// search's index is a script that is added when it is first asked for: a page from a folder may fetch
// nothing.
const root = new URL(document.currentScript.dataset.root + "/", location.href);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);

// ---- colours
const colours = one("button.colours");
colours.hidden = false;
colours.addEventListener("click", () => {
  const page = document.documentElement;
  const dark = page.dataset.colours
    ? page.dataset.colours === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.colours = dark ? "light" : "dark";
  try { localStorage.setItem("colours", page.dataset.colours); } catch { /* for this page only */ }
});

// ---- the menu of a narrow window
const menu = one("button.menu"), side = one(".side");
menu.hidden = false;
menu.addEventListener("click", () => {
  const open = side.classList.toggle("open");
  menu.setAttribute("aria-expanded", String(open));
});

// ---- what scrolls can be reached by the keyboard
const reachable = () => all(".scroll, pre, .formula").forEach((box) => {
  if (box.scrollWidth > box.clientWidth) {
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", box.matches(".scroll") ? "Table" : "Scrolls sideways");
  }
});
reachable();
addEventListener("resize", reachable);
one(".side [aria-current]")?.scrollIntoView({ block: "nearest" });

// ---- the search
const MOST = 30, AROUND = 70;
const dialog = one("dialog.search"), input = one("dialog.search input");
const hits = one("#hits"), told = one(".told"), find = one("button.find");
let known = null; // sections, with their texts in small letters
let last = "";

function withIndex(then) {
  if (known) return then();
  if (window.searchSections) {
    known = window.searchSections.map(([address, page, title, text]) => ({
      address, page, title, text,
      small: { page: page.toLowerCase(), title: title.toLowerCase(), text: text.toLowerCase() },
    }));
    return then();
  }
  const script = document.createElement("script");
  script.src = new URL("search-index.js", root).href;
  script.onload = () => withIndex(then);
  script.onerror = () => { told.textContent = "The index cannot be read."; };
  document.head.append(script);
}

function open() {
  if (dialog.open) return;
  dialog.showModal();
  input.select();
  withIndex(look);
}

const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// Each word must begin a word somewhere in the section or in its titles.
function score(section, words) {
  let sum = 0;
  for (const [begins, whole] of words) {
    const { page, title, text } = section.small;
    const here = (text.match(begins) || []).length;
    const found = 30 * begins2(title, begins) + 10 * begins2(page, begins) + Math.min(here, 6);
    if (!found) return 0;
    sum += found + (whole.test(title) ? 30 : 0) + (whole.test(page) ? 10 : 0) + (whole.test(text) ? 3 : 0);
  }
  return sum * (section.address.startsWith("reports/") ? 0.6 : 1);
}

const begins2 = (text, begins) => (text.search(begins) >= 0 ? 1 : 0);

function look() {
  const asked = input.value.trim().toLowerCase();
  if (asked === last && hits.childElementCount) return;
  last = asked;
  const letters = asked.split(/[\s,;:"'`]+/).filter(Boolean);
  const words = letters.map((word) => [
    new RegExp("(?<![\\p{L}\\p{N}])" + escaped(word), "gu"),
    new RegExp("(?<![\\p{L}\\p{N}])" + escaped(word) + "(?![\\p{L}\\p{N}])", "u"),
  ]);
  const found = !words.length ? [] : known
    .map((section) => [score(section, words), section])
    .filter(([points]) => points)
    .sort((a, b) => b[0] - a[0]);
  hits.replaceChildren(...found.slice(0, MOST).map(([, section]) => hit(section, letters)));
  told.textContent = !words.length ? "" : !found.length ? "Nothing found."
    : `${found.length} ${found.length === 1 ? "section" : "sections"}${found.length > MOST ? `, the best ${MOST}` : ""}`;
  choose(hits.firstElementChild);
}

function hit(section, letters) {
  const link = document.createElement("a");
  link.href = new URL(section.address, root).href;
  const title = document.createElement("b"), page = document.createElement("i"), text = document.createElement("span");
  title.append(...marked(section.title || section.page, letters));
  if (section.title && section.title !== section.page) page.textContent = section.page;
  const first = Math.min(...letters.map((w) => section.small.text.indexOf(w)).filter((i) => i >= 0), Infinity);
  const from = first < AROUND || first === Infinity ? 0 : section.text.indexOf(" ", first - AROUND) + 1;
  const cut = section.text.slice(from, from + 3 * AROUND).replace(/\s+\S*$/, "");
  text.append(...marked((from ? "… " : "") + cut + " …", letters));
  link.append(title, page, text);
  link.addEventListener("click", () => dialog.close());
  const item = document.createElement("li");
  item.append(link);
  return item;
}

function marked(text, letters) {
  const pattern = new RegExp(`(${letters.map(escaped).join("|")})`, "giu");
  return text.split(pattern).map((piece, i) => {
    if (i % 2 === 0) return piece;
    const mark = document.createElement("mark");
    mark.textContent = piece;
    return mark;
  });
}

function choose(item) {
  all("li.chosen", hits).forEach((other) => other.classList.remove("chosen"));
  item?.classList.add("chosen");
  item?.scrollIntoView({ block: "nearest" });
}

find.hidden = false;
find.addEventListener("click", open);
input.addEventListener("input", () => withIndex(look));
input.addEventListener("keydown", (event) => {
  const chosen = one("li.chosen");
  if (event.key === "ArrowDown") choose(chosen?.nextElementSibling || chosen);
  else if (event.key === "ArrowUp") choose(chosen?.previousElementSibling || chosen);
  else if (event.key === "Enter") chosen?.firstElementChild.click();
  else return;
  event.preventDefault();
});
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input, textarea, select");
  if ((event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey))) {
    event.preventDefault();
    open();
  }
});
