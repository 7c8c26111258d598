// What the reader has chosen, kept while the page is loaded anew: nothing that was left as it was.

const PLACE = `ebmbench ${location.pathname}`;
const touched = { selects: {}, chips: {}, sliders: {}, details: {}, sorts: {} };

const labelOf = (element) => element.closest("[aria-label]")?.getAttribute("aria-label") ?? "";
const chapterOf = (element) => element.closest("section[id]")?.id ?? "";
const selectKey = (select) => `${labelOf(select.parentElement)}|${select.parentElement.firstChild.textContent}`;
const detailsKey = (details) => `${chapterOf(details)}|${details.querySelector("summary").textContent}`;
const tableKey = (table) => `${chapterOf(table)}|${table.caption.textContent}`;
const seen = (element) => element.getClientRects().length > 0;
const headings = () => [...document.querySelectorAll("h1, h2, h3")].filter(seen);
const headingKey = (heading) => `${chapterOf(heading)}|${heading.textContent}`;

function noteChoices() {
  document.addEventListener("change", ({ target }) => {
    if (target.matches("select")) touched.selects[selectKey(target)] = target.value;
  });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("input[type=range]")) touched.sliders[labelOf(target)] = target.value;
  });
  document.addEventListener("click", ({ target }) => {
    const [chips, head] = [target.closest(".chips"), target.closest("th[data-sort], th:has(button)")];
    if (chips) touched.chips[labelOf(chips)] = [...chips.querySelectorAll("[aria-pressed]")].map(pressed);
    if (head) touched.sorts[tableKey(head.closest("table"))] = [head.cellIndex, head.getAttribute("aria-sort")];
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target.matches("details")) touched.details[detailsKey(target)] = target.open;
  }, true);
}

const pressed = (button) => [button.querySelector("span").textContent, button.getAttribute("aria-pressed")];

// The last heading in the window's upper half, or above, and where: what grows above it moves nothing.
function whereRead() {
  const heading = headings().findLast((each) => each.getBoundingClientRect().top <= innerHeight / 2);
  return heading && scrollY > 0 ? [headingKey(heading), heading.getBoundingClientRect().top] : null;
}

function keepChoices() {
  sessionStorage.setItem(PLACE, JSON.stringify({ ...touched, read: whereRead() }));
}

function takeUpChoices() {
  const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  if (!kept) return;
  sessionStorage.removeItem(PLACE);
  history.scrollRestoration = "manual";
  const { read, ...before } = kept;
  Object.assign(touched, before);
  for (const select of document.querySelectorAll("select")) choose(select, before.selects[selectKey(select)]);
  for (const chips of document.querySelectorAll(".chips")) press(chips, before.chips[labelOf(chips)]);
  for (const slider of document.querySelectorAll("input[type=range]")) slide(slider, before.sliders[labelOf(slider)]);
  for (const details of document.querySelectorAll("details")) details.open = before.details[detailsKey(details)] ?? details.open;
  for (const table of document.querySelectorAll("table[data-sortable]")) sortAgain(table, before.sorts[tableKey(table)]);
  if (read) requestAnimationFrame(() => readOn(...read));
}

function choose(select, value) {
  if (value === undefined || ![...select.options].some((option) => option.value === value)) return;
  select.value = value;
  select.dispatchEvent(new Event("change"));
}

// Methods that are new keep to what the page shows at first.
function press(chips, before) {
  const asked = new Map(before ?? []);
  for (const button of chips.querySelectorAll("[aria-pressed]")) {
    const [name, now] = pressed(button);
    if (asked.has(name) && asked.get(name) !== now) button.click();
  }
}

function slide(slider, value) {
  if (value === undefined) return;
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
}

function sortAgain(table, before) {
  const button = before && table.tHead.rows[0].cells[before[0]]?.querySelector("button");
  for (let clicks = 0; button && clicks < 2 && button.parentElement.getAttribute("aria-sort") !== before[1]; clicks++) button.click();
}

function readOn(key, top) {
  const heading = headings().find((each) => headingKey(each) === key);
  if (heading) scrollBy({ top: heading.getBoundingClientRect().top - top, behavior: "instant" });
}
