// What the page does when it is opened.

const carried = JSON.parse(document.getElementById("carried").textContent);

function into(home, show, what) {
  const inner = home.querySelector(".into");
  if (what && what.length) show(inner);
  else home.classList.add("empty");
}

function open() {
  document.documentElement.classList.add("js");
  for (const table of document.querySelectorAll("table[data-sortable]")) sortable(table);
  const boards = carried.boards;
  for (const home of document.querySelectorAll("[data-curves]")) {
    const [index, sweep] = [Number(home.dataset.curves), carried.sweeps[Number(home.dataset.curves) - boards.length]];
    const board = boards[index];
    if (board) into(home, (inner) => new Curves(board, inner), [...board.values, ...board.charts]);
    else into(home, (inner) => showSweep(sweep, inner), sweep.charts);
  }
  const shows = [["quality", showQuality], ["updates", showUpdates], ["films", showFilms]];
  for (const [name, show] of shows) {
    for (const home of document.querySelectorAll(`[data-${name}]`)) {
      const board = boards[Number(home.dataset[name])];
      into(home, (inner) => show(board, inner), board?.[name]);
    }
  }
  document.querySelector("[data-downloads]").append(allCurves(boards));
  openOnPaper();
}

// On paper nothing is folded away.
function openOnPaper() {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => { for (const details of closed) details.open = false; });
}

function allCurves(boards) {
  const rows = () => boards.flatMap((board, b) => board.values.flatMap((value, v) =>
    rowsOfValue(board, value).slice(b || v ? 1 : 0)));
  return make("button", { type: "button", onclick: () => save(`${carried.suite} curves`, rows()) }, "All learning curves as CSV");
}

open();
