// A dataset's learning curves and what goes with them: controls, methods to be shown, charts.

const AXES = [
  ["epoch", "epochs"], ["update", "updates"], ["seconds", "seconds of training"], ["macs", "multiply-adds"],
];

class Curves {
  constructor(board, home) {
    this.board = board;
    this.crowded = board.methods.length > carried.bands;
    this.apart = this.crowded;
    this.on = new Set(this.opening());
    this.x = carried.x;
    this.xScale = "log";
    this.yScale = "fits";
    this.spread = "bands";
    this.note = make("p", { class: "note", role: "status" });
    this.figures = this.makeFigures();
    const all = make("div", { class: "charts" }, ...this.figures.map((figure) => figure.node));
    home.append(make("div", { class: "desk" }, this.controls(), this.chips(), this.note), all);
    this.changed();
  }

  // Each in a picture of its own all methods can be told apart, in one picture a few.
  opening() {
    return this.apart ? this.board.methods : this.board.first;
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
    if (this.crowded) {
      const ways = [["apart", "each in a picture of its own"], ["together", "all in one picture"]];
      all.append(makeChoice("Methods", ways, "apart", (way) => this.arrange(way === "apart")));
    }
    return all;
  }

  arrange(apart) {
    const untouched = sameMembers(this.on, this.opening());
    this.apart = apart;
    if (untouched) this.on = new Set(this.opening());
    this.changed();
  }

  chips() {
    const all = make("div", { class: "chips", role: "group", "aria-label": `Methods shown on ${this.board.dataset}` });
    this.buttons = new Map(this.board.methods.map((m) => [m, this.chip(m)]));
    const set = (methods) => () => { this.on = new Set(methods); this.changed(); };
    const button = (text, methods) => make("button", { type: "button", class: "all", onclick: set(methods) }, text);
    const several = [button("All", this.board.methods), button("None", [])];
    if (this.crowded) several.push(button(`The first ${this.board.first.length}`, this.board.first));
    all.append(...(this.crowded ? several : []), ...this.buttons.values(), ...(this.crowded ? [] : several));
    return all;
  }

  chip(m) {
    const toggle = () => { this.on.delete(m) || this.on.add(m); this.changed(); };
    const lost = this.board.lost[m] ? [make("small", {}, this.board.lost[m])] : [];
    const name = make("span", {}, carried.lines[m].name);
    return make("button", { type: "button", onclick: toggle }, swatch(m), name, ...lost);
  }

  changed() {
    for (const [m, button] of this.buttons) button.setAttribute("aria-pressed", this.on.has(m));
    this.note.textContent = this.said();
    for (const figure of this.figures) figure.show(this.apart, this.board.lost);
  }

  // Whether intervals are drawn: too many of them hide each other.
  get banded() {
    return this.spread === "bands" && (this.apart || this.on.size <= carried.bands);
  }

  said() {
    const { once } = this.board;
    const hidden = this.board.methods.length - this.on.size;
    return [
      hidden ? `${this.on.size} of ${this.board.methods.length} methods are shown.` : "",
      this.spread === "bands" && !this.banded ? `Intervals are drawn for at most ${carried.bands} methods at once.` : "",
      this.spread === "seeds" && carried.seeds.carried < carried.seeds.of ? `This page carries the first ${carried.seeds.carried} of ${carried.seeds.of} seeds one by one; means are over all.` : "",
      this.fewSeeds() ? `Where a method has fewer than ${carried.fewest} seeds, they are drawn in place of an interval.` : "",
      once.length ? `Measured once after the start, and so without a curve: ${once.join(", ")}.` : "",
      "Drag in a picture to look closer; a double click brings back all of it.",
    ].filter(Boolean).join(" ");
  }

  fewSeeds() {
    return this.board.values.some((value) => value.curves.some((curve) => this.on.has(curve.m) && curve.n < carried.fewest));
  }

  makeFigures() {
    const [dataset, values, charts] = [this.board.dataset, this.board.values, this.board.charts];
    return [
      ...values.map((value) => new Figure(value.title, `${dataset} ${value.title}`, () => rowsOfValue(this.board, value), () => this.learning(value))),
      ...charts.map((chart) => new Figure(chart.caption, `${dataset} ${chart.caption}`, () => rowsOfChart(dataset, chart), () => this.other(chart))),
    ];
  }

  // The curves of one value over training; those that are absent have only seeds.
  learning(value) {
    const absent = value.absent.filter((each) => this.on.has(each.m)).map((each) => ({ ...ABSENT, ...each }));
    const mine = [...value.curves.filter((curve) => this.on.has(curve.m)), ...absent];
    mine.sort((one, other) => this.board.methods.indexOf(one.m) - this.board.methods.indexOf(other.m));
    const log = this.yScale === "log" || (this.yScale === "fits" && value.log);
    const curves = mine.map((curve) => this.drawn(curve));
    const axis = counted(curves, log, value.better, carried.limits);
    const range = limits(axis, log, value.better, value.target, carried.limits);
    const where = AXES.find(([name]) => name === this.x)[1];
    const crosses = curves.some((curve) => curve.diverged.length);
    return {
      curves, axis, log, range, where, title: value.title, unit: value.unit, better: value.better,
      xaxis: { title: { text: where }, type: this.xScale }, annotations: [], ...targetOf(value.target),
      behind: (each) => behindOf(each, where, log && range ? range[0] : -Infinity),
      mean: (each) => meanOf(each.line, each.x, each, where),
      note: [
        known(value.target) ? `The dotted line is the target, ${brief(value.target, 3)}.` : "",
        withoutCurve(absent),
        crosses ? "A cross is the last value of a seed that diverged after it, where the axis holds it." : "",
      ].filter(Boolean).join(" "),
    };
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
    const diverged = curve.diverged.map((seed) => this.seed(curve, seed)).filter((seed) => seed.x.length);
    const looks = { m: curve.m, line: carried.lines[curve.m], why: curve.why };
    return { ...looks, x: pick(x), mean: pick(curve.mean), ...ends, seeds, diverged, banded };
  }

  seed(curve, seed) {
    const x = along(this.board, { ...curve, own: seed.own ?? curve.own }, this.x);
    const kept = x.map((_, i) => i).filter((i) => this.xScale !== "log" || x[i] > 0);
    return { s: seed.s, x: kept.map((i) => x[i]), y: kept.map((i) => seed.y[i]) };
  }

  // Curves over anything else: of the lines that are shown, and of those that are no methods.
  other(chart) {
    const isShown = ({ m }) => this.on.has(m) || !this.buttons.has(m);
    const log = this.yScale === "fits" ? chart.log : this.yScale === "log";
    return otherScene(chart, isShown, log);
  }
}

const sameMembers = (set, list) => set.size === list.length && list.every((each) => set.has(each));

// A method of which nothing is known as a whole.
const ABSENT = { mean: [], low: [], high: [], n: 0, own: { epoch: [], update: [], seconds: [] } };

// What is drawn behind a mean: its band or its seeds, and where seeds diverged.
function behindOf(each, where, floor) {
  return [
    ...(each.banded ? [bandOf(each.line, each.x, each.low, each.high, floor)] : []),
    ...(each.seeds.length ? [seedsOf(each.line, each.seeds, where)] : []),
    ...(each.diverged.length ? divergedOf(each, where) : []),
  ];
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
  if (!curves.length) return "No curve is shown.";
  return `At the end: ${curves.map(last).join("; ")}.`;
}

function rowsOfValue(board, value) {
  const head = ["dataset", "value", "method", "seed", "epoch", "update", "seconds", "multiply_adds", "mean_or_value", "low", "high"];
  const rows = value.curves.flatMap((curve) => [
    ...moments(board, value, curve, "mean", curve.mean, curve),
    ...curve.seeds.flatMap((seed) => moments(board, value, { ...curve, own: seed.own }, seed.s, seed.y)),
  ]);
  const absent = value.absent.flatMap((each) =>
    each.seeds.flatMap((seed) => moments(board, value, { ...each, own: seed.own }, seed.s, seed.y)));
  return [head, ...rows, ...absent];
}

function moments(board, value, curve, seed, numbers, band = { low: [], high: [] }) {
  const [epoch, update, seconds, macs] = AXES.map(([axis]) => along(board, curve, axis));
  return numbers.map((y, i) => [
    board.dataset, value.name, carried.lines[curve.m].name, seed,
    epoch[i], update[i], seconds[i], macs[i], y, band.low[i], band.high[i],
  ]);
}
