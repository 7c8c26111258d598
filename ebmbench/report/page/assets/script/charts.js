// Curves over anything but training: spectra, swept options, searches, what metrics show.

// Of the lines that isShown says.
function otherScene(chart, isShown, asked) {
  const mine = chart.curves.filter(isShown);
  const log = asked && mine.some((curve) => curve.mean.some((x) => x > 0));
  const range = limits(mine, log, chart.better, null, carried.limits);
  const absent = chart.absent.filter(isShown);
  const empty = absent.map((each) => ({ ...ABSENT, ...each }));
  const curves = [...mine, ...empty].map((curve) => ({ ...curve, x: curve.x ?? [], line: carried.lines[curve.m] }));
  const floor = log && range ? range[0] : -Infinity;
  const hasBand = (curve) => !chart.points && curve.mean.length;
  return {
    curves, axis: curves, log, range, where: chart.x.label, title: `${chart.caption}: ${chart.title}`, unit: chart.unit, better: chart.better,
    xaxis: { title: { text: literal(chart.x.label) }, type: chart.x.log ? "log" : "linear" }, ...marksOf(chart.x),
    behind: (curve) => (hasBand(curve) ? [bandOf(curve.line, curve.x, curve.low, curve.high, floor)] : []),
    mean: (curve, i, all) => (chart.points ? withBars(curve.line, sideBySide(curve, i, all), curve) : meanOf(curve.line, curve.x, curve, chart.x.label)),
    note: withoutCurve(absent),
  };
}

// Moved apart a little, so that equal values do not hide each other.
const sideBySide = ({ x }, i = 0, all = []) => x.map((at) => (all.length ? at + (0.6 * (i - (all.length - 1) / 2)) / all.length : at));

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
    const rows = () => rowsOfChart(sweep.dataset, chart);
    const figure = new Figure(chart.caption, chart.caption, rows, () => otherScene(chart, () => true, chart.log));
    all.append(figure.node);
    figure.show(chart.curves.length > carried.bands, {});
  }
  home.append(all);
}
