// Curves over anything but training: spectra, swept options, searches, what metrics show.

function otherPicture(chart, curves, asked) {
  const log = asked && curves.some((curve) => curve.mean.some((x) => x > 0));
  const range = limits(curves, log, chart.better, null, carried.limits);
  const traces = chart.points ? sideBySide(curves) : curves.flatMap((curve) => overX(chart, curve, log, range));
  const xaxis = { title: { text: literal(chart.x.label) }, type: chart.x.log ? "log" : "linear" };
  const named = curves.map((curve) => ({ ...curve, line: carried.lines[curve.m] }));
  const { shapes, annotations } = marksOf(chart.x);
  const left = leaversOf(named, log, chart.better, range, carried.limits);
  const layout = { xaxis, yaxis: yAxis(chart.unit, log, range), shapes, annotations: [...annotations, ...left] };
  return { traces, layout, said: `${chart.caption}: ${chart.title} over ${chart.x.label}. ${ends(curves)}` };
}

function overX(chart, curve, log, range) {
  const line = carried.lines[curve.m];
  const band = bandOf(line, curve.x, curve.low, curve.high, log && range ? range[0] : -Infinity);
  return [band, meanOf(line, curve.x, curve, chart.x.label)];
}

// Moved apart a little, so that equal values do not hide each other.
function sideBySide(curves) {
  const shift = (i) => (0.6 * (i - (curves.length - 1) / 2)) / curves.length;
  return curves.map((curve, i) => withBars(carried.lines[curve.m], curve.x.map((x) => x + shift(i)), curve));
}

function marksOf(axis) {
  const line = { color: style("muted"), width: 1, dash: "dash" };
  const at = (x) => (axis.log ? Math.log10(x) : x);
  return {
    shapes: axis.marks.map(([, x]) => ({ type: "line", yref: "paper", y0: 0, y1: 1, x0: x, x1: x, line })),
    annotations: axis.marks.map(([label, x]) => ({
      text: literal(label), x: at(x), yref: "paper", y: 1, showarrow: false, textangle: -90,
      xanchor: "right", yanchor: "top", font: { size: 11, color: style("muted") },
    })),
  };
}

function rowsOfChart(dataset, chart) {
  const head = ["dataset", "picture", "line", chart.x.label, "mean", "low", "high"];
  const rows = chart.curves.flatMap((curve) =>
    curve.x.map((x, i) => [
      dataset, chart.caption, carried.lines[curve.m].name, x, curve.mean[i], curve.low[i], curve.high[i],
    ]));
  return [head, ...rows];
}

// Final values over swept datasets.
function showSweep(sweep, home) {
  const all = make("div", { class: "charts" });
  for (const chart of sweep.charts) {
    const { node } = makeChart(() => otherPicture(chart, chart.curves, chart.log));
    const button = saver(chart.caption, () => rowsOfChart(sweep.dataset, chart));
    all.append(make("figure", {}, make("figcaption", {}, make("span", {}, chart.caption), button), node));
  }
  home.append(all);
}
