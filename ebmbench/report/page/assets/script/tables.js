// Tables that are sorted by a click on a head: by numbers that the page brings, never by text.

function sortable(table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (column && !("sort" in head.dataset)) return;
    const button = make("button", { type: "button" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.append(...sorted(rows, column, down));
    });
  });
}

// By the first column as the suite has them. Rows without a number come last, whichever way.
function sorted(rows, column, down) {
  const places = rows.map((row, place) => [row, column ? keyOf(row.cells[column]) : place]);
  const order = ([, a], [, b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return a === b ? 0 : (a < b ? -1 : 1) * (down ? -1 : 1);
  };
  return places.sort(order).map(([row]) => row);
}

const keyOf = (cell) => (cell.dataset.key ? Number(cell.dataset.key) : null);
