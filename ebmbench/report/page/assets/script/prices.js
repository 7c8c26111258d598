// Quality against the cost of a whole training, with its Pareto front; and what an update takes.

const COSTS = [["seconds", "seconds of a training"], ["macs", "multiply-adds of a training"]];
const MOST_LABELS = 8; // beside points, before they hide each other
const MEASURES = [
  ["seconds", "seconds, measured"], ["macs", "multiply-adds, counted"],
  ["randoms", "random numbers, counted"], ["bytes", "bytes, counted"],
];
const PHASES = [["data", "data phase", ""], ["negative", "negative phase", "/"], ["optimizer", "optimiser", "x"]];

function showQuality(board, home) {
  const judged = Math.max(0, board.quality.findIndex((each) => each.name === carried.judged));
  const asked = { value: judged, cost: "seconds", scale: "log" };
  const key = make("p", { class: "key" });
  const picture = () => {
    const [value, named] = [board.quality[asked.value], hasNames(board.quality[asked.value])];
    key.replaceChildren(...(named ? [] : value.points.map(({ m }) => make("span", {}, swatch(m), carried.lines[m].name))));
    return qualityPicture(value, asked, named);
  };
  const chart = makeChart(picture, "wide");
  const set = (name) => (x) => { asked[name] = x; chart.draw(); };
  const values = board.quality.map((each, i) => [String(i), each.name]);
  home.append(
    make("div", { class: "controls", role: "group", "aria-label": `Quality against cost on ${board.dataset}` },
      makeChoice("Value", values, String(judged), set("value")),
      makeChoice("Against", COSTS, "seconds", set("cost")),
      makeChoice("Cost axis", [["log", "logarithmic"], ["linear", "linear"]], "log", set("scale"))),
    make("figure", {}, chart.node, key, make("figcaption", {},
      "The dotted line is the Pareto front: no method beside it is as cheap and better; a method that lost seeds is not on it. ",
      saver(`${board.dataset} quality and cost`, () => rowsOfQuality(board)))));
}

// Whether names stand beside the points; else below the picture, where they hide nothing of it.
const hasNames = (value) => value.points.length <= MOST_LABELS && !isNarrow();

const isNarrow = () => innerWidth <= 700;

// A narrow picture is low, too: a unit has a line of its own beside its axis.
const withUnit = (value) => [value.name, value.unit].filter(Boolean).map(literal).join(isNarrow() ? ",<br>" : ", ");

function qualityPicture(value, asked, named) {
  const points = value.points;
  const log = spansDecades(points.map((point) => point.mean));
  const each = points.map((p) => ({ line: carried.lines[p.m], mean: [p.mean], low: [p.low], high: [p.high] }));
  const range = limits(each, log, value.better, null, carried.limits);
  const left = leaving(each, log, value.better, carried.limits);
  const inside = points.filter((_, i) => !left.has(i));
  const what = COSTS.find(([name]) => name === asked.cost)[1];
  const title = `${value.name} (${value.better} is better)`;
  const traces = [frontOf(value, asked.cost), ...inside.map((point) => pointOf(point, asked.cost, named))];
  const layout = {
    annotations: leaversOf(each, log, value.better, range, carried.limits),
    xaxis: { title: { text: what }, type: asked.scale },
    yaxis: { ...yAxis("", log, range), title: { text: withUnit(value) } },
    margin: { l: 60, r: named ? 100 : 10, t: 14, b: 48 },
  };
  const names = value.front[asked.cost].map((m) => carried.lines[m].name).join(", ");
  return { traces, layout, said: `${title} against ${what}. On the Pareto front: ${names}. A table follows.` };
}

const spansDecades = (means) => smallest(means) > 0 && largest(means) > 100 * smallest(means);

function pointOf(point, cost, named) {
  const line = carried.lines[point.m];
  const width = (end) => [known(end) ? Math.abs(end - point.mean) : 0];
  return {
    x: [point[cost]], y: [point.mean], type: "scatter", mode: named ? "markers+text" : "markers", cliponaxis: false, name: literal(line.name),
    text: [literal(line.name)], textposition: "top right", textfont: { size: 11, color: style("text") },
    marker: { ...markerOf(line), size: 10 },
    error_y: { type: "data", symmetric: false, array: width(point.high), arrayminus: width(point.low), color: colourOf(line), thickness: 1.2, width: 3 },
    hovertemplate: `<b>${literal(line.name)}</b><br>%{x}: ${withEnds(point.mean, point.low, point.high)}<extra></extra>`,
  };
}

// Steps: between two methods of the front nothing better is known than the cheaper one.
function frontOf(value, cost) {
  const on = value.front[cost].map((m) => value.points.find((point) => point.m === m));
  return {
    x: on.map((point) => point[cost]), y: on.map((point) => point.mean), type: "scatter", mode: "lines",
    line: { shape: "hv", color: style("muted"), width: 1.5, dash: "dot" }, hoverinfo: "skip", showlegend: false,
  };
}

function rowsOfQuality(board) {
  const head = ["dataset", "value", "method", "mean", "low", "high", "seconds", "multiply_adds", "front_of_seconds", "front_of_multiply_adds"];
  return [head, ...board.quality.flatMap((value) => value.points.map((p) => [
    board.dataset, value.name, carried.lines[p.m].name, p.mean, p.low, p.high, p.seconds, p.macs,
    value.front.seconds.includes(p.m), value.front.macs.includes(p.m),
  ]))];
}

function showUpdates(board, home) {
  let measure = "seconds";
  const chart = makeChart(() => updatePicture(board, measure));
  chart.node.style.height = `${90 + 30 * board.updates.length}px`;
  home.append(
    make("div", { class: "controls", role: "group", "aria-label": `What an update takes on ${board.dataset}` },
      makeChoice("In", MEASURES, measure, (x) => { measure = x; chart.draw(); })),
    make("figure", {}, chart.node, make("figcaption", {},
      "One update of one replica by its phases. ",
      board.updates.every((row) => row.floor) ? "A diamond is what the machine's roofline allows: the floor of its time. " : "",
      saver(`${board.dataset} updates`, () => rowsOfUpdates(board)))));
}

function updatePicture(board, measure) {
  const rows = [...board.updates].reverse();
  const total = (row) => PHASES.reduce((sum, [phase]) => sum + (row[measure][phase] ?? 0), 0);
  const names = rows.map((row) => literal(carried.lines[row.m].name));
  const places = rows.map((_, i) => i);
  const traces = PHASES.map(([phase, label, shape]) => ({
    y: places, x: rows.map((row) => row[measure][phase]), type: "bar", orientation: "h", name: label,
    marker: { color: style(phase), pattern: { shape, fillmode: "overlay", solidity: 0.22, size: 7, fgcolor: style("paper") } },
    text: rows.map((row) => told(measure, row[measure][phase])), textposition: "none",
    hovertext: names, hovertemplate: `%{hovertext}<br>${label}: %{text}<extra></extra>`,
  }));
  const annotations = rows.map((row, i) => ({
    x: total(row), y: i, text: told(measure, total(row)), showarrow: false, xanchor: "left", xshift: 4,
    font: { size: 11, color: style("muted") },
  }));
  const floor = measure === "seconds" && rows.every((row) => row.floor);
  if (floor) traces.push(floorsOf(rows, places, names, total));
  const what = MEASURES.find(([name]) => name === measure)[1];
  const layout = {
    barmode: "stack", bargap: 0.35, annotations, showlegend: true, margin: { l: 60, r: 60, t: 30, b: 44 },
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", traceorder: "normal" },
    xaxis: { title: { text: what }, rangemode: "tozero", tickformat: "~s", ticksuffix: measure === "seconds" ? "s" : "" }, yaxis: { tickvals: places, ticktext: names, showgrid: false },
  };
  const lowest = (row) => (floor ? `, at the machine's floor ${duration(floorOf(row))}` : "");
  const said = [...rows].reverse().map((row) => `${carried.lines[row.m].name} ${told(measure, total(row))}${lowest(row)}`).join("; ");
  return { traces, layout, said: `An update in ${what}: ${said}. Its phases are in a table below.` };
}

const floorOf = (row) => PHASES.reduce((sum, [phase]) => sum + (row.floor[phase] ?? 0), 0);

// What the machine would allow, as marks on the bars.
function floorsOf(rows, places, names, total) {
  const share = (row) => `${duration(floorOf(row))}, ${brief((100 * floorOf(row)) / total(row), 2)} % of what it takes`;
  return {
    y: places, x: rows.map(floorOf), type: "scatter", mode: "markers", name: "machine's floor", cliponaxis: false,
    marker: { symbol: "diamond", size: 9, color: style("paper"), line: { color: style("text"), width: 1.6 } },
    text: rows.map(share), hovertext: names, hovertemplate: "%{hovertext}<br>machine's floor: %{text}<extra></extra>",
  };
}

const told = (measure, x) => (measure === "seconds" ? duration(x) : brief(x, 3));

function rowsOfUpdates(board) {
  const head = ["dataset", "method", "phase", ...MEASURES.map(([name]) => name), "floor_seconds"];
  return [head, ...board.updates.flatMap((row) => PHASES.map(([phase]) => [
    board.dataset, carried.lines[row.m].name, phase, ...MEASURES.map(([name]) => row[name][phase]), row.floor?.[phase],
  ]))];
}
