// Numbers as text, and as files.

const PREFIXES = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];

const known = (x) => x !== null && x !== undefined;

// Few digits, and a prefix where a number is long.
function brief(x, digits = 4) {
  if (!known(x)) return "none";
  const [scale, prefix] = PREFIXES.find(([s]) => Math.abs(x) >= s && Math.abs(x) >= 1e5) ?? [1, ""];
  const text = String(Number((x / scale).toPrecision(digits)));
  return prefix ? `${text} ${prefix}` : text;
}

const TIMES = [[3600, "h"], [60, "min"], [1, "s"], [1e-3, "ms"]];

// Three digits and a unit.
function duration(seconds) {
  if (!known(seconds)) return "none";
  const [scale, unit] = TIMES.find(([s]) => seconds >= s) ?? [1e-6, "µs"];
  return `${Number((seconds / scale).toPrecision(3))} ${unit}`;
}

// A mean with the ends of its interval.
function withEnds(mean, low, high) {
  return brief(mean) + (known(low) && known(high) ? ` (${brief(low)} to ${brief(high)})` : "");
}

function csv(rows) {
  const cell = (x) => {
    const text = known(x) ? String(x) : "";
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(",") + "\n").join("");
}

function save(name, rows) {
  const address = URL.createObjectURL(new Blob([csv(rows)], { type: "text/csv" }));
  const link = make("a", { href: address, download: name.replace(/[^\w.-]+/g, "-") + ".csv" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// A button that saves the numbers behind a picture.
function saver(name, rows) {
  const label = `Numbers of ${name} as CSV`;
  return make("button", { type: "button", "aria-label": label, onclick: () => save(name, rows()) }, "CSV");
}
