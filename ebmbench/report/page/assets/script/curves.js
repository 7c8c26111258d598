// A dataset's learning curves and what goes with them: controls, methods to be shown, charts.

const AXES = [
  ["epoch", "epochs"], ["update", "updates"], ["seconds", "seconds of training"], ["macs", "multiply-adds"],
];

class Curves {
  constructor(board, home) {
    this.board = board;
    this.on = new Set(board.first);
    this.x = carried.x;
    this.xScale = "log";
    this.yScale = "fits";
    this.spread = "bands";
    this.charts = [];
    this.note = make("p", { class: "note", role: "status" });
    home.append(make("div", { class: "desk" }, this.controls(), this.chips(), this.note), this.pictures());
    this.changed();
  }

  controls() {
    const set = (name) => (value) => { this[name] = value; this.changed(); };
    const scales = [["log", "logarithmic"], ["linear", "linear"]];
    const all = make("div", { class: "controls", role: "group", "aria-label": `How curves on ${this.board.dataset} are drawn` });
    if (this.board.values.length) {
      all.append(
        makeChoice("Over", AXES, this.x, set("x")),
        makeChoice("Horizontal axis", scales, this.xScale, set("xScale")),
      );
    }
    all.append(makeChoice("Vertical axis", [["fits", "as it fits"], ...scales], this.yScale, set("yScale")));
    if (this.board.values.length) {
      const spreads = [["bands", "95 % intervals"], ["seeds", "single seeds"], ["means", "none"]];
      all.append(makeChoice("Spread over seeds", spreads, this.spread, set("spread")));
    }
    return all;
  }

  chips() {
    const all = make("div", { class: "chips", role: "group", "aria-label": `Methods shown on ${this.board.dataset}` });
    this.buttons = new Map(this.board.methods.map((m) => [m, this.chip(m)]));
    all.append(...this.buttons.values());
    const set = (methods) => () => { this.on = new Set(methods); this.changed(); };
    const button = (text, methods) => make("button", { type: "button", class: "all", onclick: set(methods) }, text);
    all.append(button("All", this.board.methods), button("None", []));
    if (this.board.first.length < this.board.methods.length) all.append(button("As at first", this.board.first));
    return all;
  }

  chip(m) {
    const toggle = () => { this.on.delete(m) || this.on.add(m); this.changed(); };
    return make("button", { type: "button", onclick: toggle }, swatch(carried.lines[m]), carried.lines[m].name);
  }

  changed() {
    for (const [m, button] of this.buttons) button.setAttribute("aria-pressed", this.on.has(m));
    this.note.textContent = this.said();
    for (const chart of this.charts) chart.draw();
  }

  // Whether intervals are drawn: too many of them hide each other.
  get banded() {
    return this.spread === "bands" && this.on.size <= carried.bands;
  }

  said() {
    const hidden = this.board.methods.length - this.on.size;
    return [
      hidden ? `${this.on.size} of ${this.board.methods.length} methods are shown.` : "",
      this.spread === "bands" && !this.banded ? `Intervals are drawn for at most ${carried.bands} methods at once.` : "",
      this.spread === "seeds" && carried.seeds.carried < carried.seeds.of ? `This page carries the first ${carried.seeds.carried} of ${carried.seeds.of} seeds one by one; means are over all.` : "",
      this.fewSeeds() ? `Where a method has fewer than ${carried.fewest} seeds, they are drawn in place of an interval.` : "",
      "Drag in a picture to look closer; a double click brings back all of it.",
    ].filter(Boolean).join(" ");
  }

  fewSeeds() {
    return this.board.values.some((value) => value.curves.some((curve) => this.on.has(curve.m) && curve.n < carried.fewest));
  }

  pictures() {
    const all = make("div", { class: "charts" });
    for (const value of this.board.values) {
      all.append(this.figure(value.title, () => this.learning(value), () => rowsOfValue(this.board, value)));
    }
    for (const chart of this.board.charts) {
      all.append(this.figure(chart.caption, () => this.other(chart), () => rowsOfChart(this.board.dataset, chart)));
    }
    return all;
  }

  figure(title, picture, rows) {
    const chart = makeChart(picture);
    this.charts.push(chart);
    const caption = make("figcaption", {}, make("span", {}, title), saver(`${this.board.dataset} ${title}`, rows));
    return make("figure", {}, caption, chart.node);
  }

  // The curves of one value over training.
  learning(value) {
    const mine = value.curves.filter((curve) => this.on.has(curve.m));
    const log = this.yScale === "log" || (this.yScale === "fits" && value.log);
    const drawn = mine.map((curve) => this.drawn(curve));
    const range = limits(drawn, log, value.better, value.target, carried.limits);
    const where = AXES.find(([name]) => name === this.x)[1];
    const traces = drawn.flatMap((each) => [
      ...(each.banded ? [bandOf(each.line, each.x, each.low, each.high, log && range ? range[0] : -Infinity)] : []),
      ...(each.seeds.length ? [seedsOf(each.line, each.seeds, where)] : []),
    ]);
    traces.push(...drawn.map((each) => meanOf(each.line, each.x, each, where)));
    const xaxis = { title: { text: where }, type: this.xScale };
    const annotations = leaversOf(drawn, log, value.better, range, carried.limits);
    const layout = { xaxis, yaxis: yAxis(value.unit, log, range), annotations, ...targetOf(value.target) };
    return { traces, layout, said: `${value.title} over ${where}. ${ends(mine)}` };
  }

  // A curve at the moments that the axis can show, with what is drawn of its seeds.
  drawn(curve) {
    const few = curve.n < carried.fewest;
    const x = along(this.board, curve, this.x);
    const kept = x.map((_, i) => i).filter((i) => this.xScale !== "log" || x[i] > 0);
    const pick = (numbers) => kept.map((i) => numbers[i]);
    const seeds = this.spread === "seeds" || few ? curve.seeds.map((seed) => this.seed(curve, seed)) : [];
    const banded = this.banded && !few;
    const ends = few && seeds.length ? endsOf(seeds, kept.length) : { low: pick(curve.low), high: pick(curve.high) };
    return { line: carried.lines[curve.m], x: pick(x), mean: pick(curve.mean), ...ends, seeds, banded };
  }

  seed(curve, seed) {
    const x = along(this.board, { ...curve, own: seed.own }, this.x);
    const kept = x.map((_, i) => i).filter((i) => this.xScale !== "log" || x[i] > 0);
    return { s: seed.s, x: kept.map((i) => x[i]), y: kept.map((i) => seed.y[i]) };
  }

  // Curves over anything else: of the lines that are shown, and of those that are no methods.
  other(chart) {
    const mine = chart.curves.filter((curve) => this.on.has(curve.m) || !this.buttons.has(curve.m));
    const log = this.yScale === "fits" ? chart.log : this.yScale === "log";
    return otherPicture(chart, mine, log);
  }
}

// Where a curve's points lie on an axis; of a seed with moments of its own, on those.
function along(board, curve, axis) {
  const moments = curve.own ?? board.moments[curve.at];
  if (axis !== "macs") return moments[axis];
  const macs = board.macs[curve.m] ?? 0;
  return moments.update.map((update) => update * macs);
}

// What a few seeds span, moment by moment; nothing where they were measured at other moments.
function endsOf(seeds, length) {
  const at = (i) => seeds.filter((seed) => seed.y.length === length).map((seed) => seed.y[i]).filter(known);
  const columns = [...Array(length).keys()].map(at);
  const end = (pick) => columns.map((column) => (column.length ? pick(column) : null));
  return { low: end(smallest), high: end(largest) };
}

function targetOf(target) {
  if (!known(target)) return {};
  const line = { color: style("muted"), width: 1, dash: "dot" };
  return { shapes: [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: target, y1: target, line, layer: "below" }] };
}

// Where the curves end, in words.
function ends(curves) {
  const last = (curve) => `${carried.lines[curve.m].name} ${brief(curve.mean.findLast(known))}`;
  return curves.length ? `At the end: ${curves.map(last).join("; ")}.` : "No method is shown.";
}

function rowsOfValue(board, value) {
  const head = ["dataset", "value", "method", "seed", "epoch", "update", "seconds", "multiply_adds", "mean_or_value", "low", "high"];
  const rows = value.curves.flatMap((curve) => [
    ...moments(board, value, curve, "mean", curve.mean, curve),
    ...curve.seeds.flatMap((seed) => moments(board, value, { ...curve, own: seed.own }, seed.s, seed.y)),
  ]);
  return [head, ...rows];
}

function moments(board, value, curve, seed, numbers, band = { low: [], high: [] }) {
  const [epoch, update, seconds, macs] = AXES.map(([axis]) => along(board, curve, axis));
  return numbers.map((y, i) => [
    board.dataset, value.name, carried.lines[curve.m].name, seed,
    epoch[i], update[i], seconds[i], macs[i], y, band.low[i], band.high[i],
  ]);
}
