// A picture of many curves: all in one pair of axes, or each in small axes of its own with the others
// in grey behind. A scene says what there is to be drawn:
//   curves: each with its line, and x and mean for the grey; axis: what of them the y axis is made for;
//   behind(curve), mean(curve): its traces; xaxis, log, range, unit, better, rising: the axes;
//   shapes, annotations: marks; note: what is not drawn, and why; title, where: its names.

function together(scene) {
  const drawn = scene.curves.filter((curve) => curve.mean.length);
  const traces = [...scene.curves.flatMap(scene.behind), ...drawn.map(scene.mean)];
  const left = leaversOf(scene.axis, scene.log, scene.better, scene.range, carried.limits);
  const layout = {
    xaxis: scene.xaxis, yaxis: yAxis(scene.unit, scene.log, scene.range), shapes: scene.shapes, annotations: [...scene.annotations, ...left],
  };
  return { traces, layout, said: `${scene.title} over ${scene.where}. ${ends(drawn)} ${scene.note}`.trim() };
}

function apart(scene, m) {
  const curve = scene.curves.find((each) => each.m === m);
  const own = curve.mean.length ? [scene.mean(curve)] : [];
  const traces = [othersOf(scene, m), ...scene.behind(curve), ...own];
  const left = leaversOf(scene.axis, scene.log, scene.better, scene.range, carried.limits, m);
  const layout = {
    xaxis: { ...scene.xaxis, title: undefined, range: spanned(scene) },
    yaxis: yAxis("", scene.log, scene.range), shapes: scene.shapes, annotations: left,
    margin: { l: 8, r: 6, t: 4, b: 8 },
  };
  return { traces, layout, said: `${scene.title} of ${curve.line.name} over ${scene.where}, the others in grey. ${own.length ? ends([curve]) : ""}`.trim(), few: true };
}

function othersOf(scene, m) {
  const all = { x: [], y: [] };
  for (const { x, mean } of scene.curves.filter((each) => each.m !== m)) {
    all.x.push(...x, null);
    all.y.push(...mean, null);
  }
  return { ...all, type: "scatter", mode: "lines", hoverinfo: "skip", line: { color: style("pale"), width: 0.8 } };
}

// One range of x for all small axes.
function spanned(scene) {
  const log = scene.xaxis.type === "log";
  const all = scene.curves.flatMap((curve) => curve.x).filter((x) => known(x) && (!log || x > 0));
  if (!all.length) return undefined;
  const [low, high] = [smallest(all), largest(all)].map((x) => (log ? Math.log10(x) : x));
  const room = 0.05 * (high - low || 1);
  return [low - room, high + room];
}

// A figure that can be seen in both ways.
class Figure {
  constructor(title, name, rows, scene) {
    Object.assign(this, { scene, small: new Map(), title: make("span", {}, title), told: title });
    this.whole = makeChart(() => together(this.current()));
    this.panels = make("div", { class: "panels" });
    this.note = make("p", { class: "note" });
    const caption = make("figcaption", {}, this.title, saver(name, rows));
    this.node = make("figure", {}, caption, this.whole.node, this.panels, this.note);
  }

  current() {
    return (this.known ??= this.scene());
  }

  // One picture of its own for each of some methods, or all in one.
  show(each, lost) {
    this.known = null;
    const { curves, note, where, unit } = this.current();
    const many = each && curves.length > 1;
    this.note.textContent = note;
    this.title.textContent = many ? `${this.told}${unit && `, ${unit}`}, over ${where}` : this.told; // small axes have no labels
    this.node.classList.toggle("apart", many);
    this.whole.node.hidden = many;
    this.panels.hidden = !many;
    this.panels.replaceChildren(...(many ? curves.map((curve) => this.panel(curve, lost[curve.m])) : []));
    if (many) for (const { m } of curves) this.small.get(m).draw();
    else this.whole.draw();
  }

  panel({ m, line, why }, lost) {
    if (!this.small.has(m)) {
      const chart = makeChart(() => apart(this.current(), m), "small");
      const told = make("small", {});
      const name = make("p", { class: "name" }, swatch(m), line.name, told);
      this.small.set(m, { ...chart, told, cell: make("div", { class: "panel" }, name, chart.node) });
    }
    const { told, cell } = this.small.get(m);
    told.textContent = why ?? lost ?? "";
    return cell;
  }
}

// The methods without a curve, and why.
function withoutCurve(absent) {
  const told = absent.map(({ m, why }) => `${carried.lines[m].name} (${why})`);
  return told.length ? `No curve of ${told.join(", ")}.` : "";
}
