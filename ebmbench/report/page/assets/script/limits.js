// The range of a y axis: what the means span, not what a wide interval or a single curve spans.
// The same rule as ebmbench/report/figures/limits.py, over the methods that are shown.

// curves have mean, and low and high with null for no interval; the range, or null for none.
function limits(curves, log, better, target, rule) {
  const left = leaving(curves, log, better, rule);
  const staying = curves.filter((_, i) => !left.has(i));
  const means = staying.flatMap((curve) => curve.mean).filter((x) => known(x) && (!log || x > 0));
  means.push(...mostSeeds(staying, log, rule));
  if (known(target) && (!log || target > 0)) means.push(target);
  if (!means.length) return null;
  const least = smallest(means);
  const most = largest(means);
  return log ? decades(means, most, better, rule) : linear(staying, least, most, rule);
}

// The curves with the points that the axis is made for: all, or not the bad starts of learning curves.
function counted(curves, log, better, rule) {
  if (!better) return curves;
  const later = curves.map((curve) => ({ mean: curve.mean.slice(startOf(curve.mean, rule)) }));
  const kept = stayingSpans(later, log, better, rule);
  if (!kept.length) return curves;
  const worst = better === "lower" ? largest(kept.map(([, high]) => high)) : smallest(kept.map(([low]) => low));
  const cut = curves.map((curve) => withoutBadStart(curve, log ? 10 ** worst : worst, better, rule));
  const narrow = spanOf(stayingSpans(cut, log, better, rule)) * (log ? rule.flattenedDecades : rule.flattened);
  return narrow > 0 && narrow < spanOf(stayingSpans(curves, log, better, rule)) ? cut : curves;
}

const startOf = (points, rule) => (points.length >= rule.halved ? Math.floor(points.length / 2) : 0);

function withoutBadStart(curve, worst, better, rule) {
  const isKept = (values) => (y, i) => i >= startOf(values, rule) || !known(y) || !(better === "lower" ? y > worst : y < worst);
  const kept = curve.mean.map(isKept(curve.mean));
  if (kept.every(Boolean) && !(curve.seeds ?? []).length) return curve;
  const pick = (numbers) => numbers?.filter((_, i) => kept[i]);
  const seeds = (curve.seeds ?? []).map((seed) => ({ ...seed, y: seed.y.filter((y, i) => isKept(seed.y)(y, i)) }));
  const start = kept.every(Boolean) ? undefined : (better === "lower" ? largest : smallest)(curve.mean.filter(known));
  return { ...curve, mean: pick(curve.mean), low: pick(curve.low), high: pick(curve.high), seeds, start };
}

function stayingSpans(curves, log, better, rule) {
  const left = leaving(curves, log, better, rule);
  return curves.filter((_, i) => !left.has(i)).map(({ mean }) => spansOf(mean, log)).filter(Boolean);
}

// The least and the largest mean as the axis measures them, or null.
function spansOf(mean, log) {
  const means = mean.filter((x) => known(x) && (!log || x > 0)).map((x) => (log ? Math.log10(x) : x));
  return means.length ? [smallest(means), largest(means)] : null;
}

// The values of seeds drawn one by one, but for the least and the largest of many.
function mostSeeds(curves, log, rule) {
  const all = curves.flatMap((curve) => (curve.seeds ?? []).flatMap((seed) => seed.y));
  const values = all.filter((y) => known(y) && (!log || y > 0)).sort((a, b) => a - b);
  const aside = Math.floor(rule.seeds * values.length);
  return values.slice(aside, values.length - aside);
}

// The curves that would flatten all others, by their place: how far each goes.
function leaving(curves, log, better, rule) {
  const kept = new Map();
  curves.forEach((curve, i) => {
    const ends = spansOf(curve.mean, log);
    if (ends) kept.set(i, ends);
  });
  const found = new Map();
  const most = Math.max(Math.floor(kept.size / rule.leaving), Math.min(1, kept.size - 1));
  const without = (i) => [...kept].filter(([other]) => other !== i).map(([, ends]) => ends);
  while (found.size < most) {
    const far = new Map([...kept].map(([i, ends]) => [i, worseEnd(ends, without(i), better)]).filter(([, end]) => end !== null));
    if (!far.size) break;
    const worst = [...far.keys()].reduce((a, b) => (spanOf(without(b)) < spanOf(without(a)) ? b : a));
    if (!isFlattening(spanOf(without(worst)), spanOf([...kept.values()]), kept.size, log, better, rule)) break;
    kept.delete(worst);
    found.set(worst, far.get(worst));
  }
  const top = 10 ** largest([...kept.values()].map(([, high]) => high));
  if (log) kept.forEach(([, high], i) => { if (isNoise(10 ** high, top, better, rule)) found.set(i, high); });
  return new Map([...found].map(([i, end]) => [i, log ? 10 ** end : end]));
}

// Whether the others span next to nothing of what all span.
function isFlattening(narrow, wide, of, log, better, rule) {
  if (of === 2 && (!better || (log && wide < rule.pairDecades))) return false;
  const times = log ? rule.flattenedDecades : of === 2 ? rule.pair : rule.flattened;
  return times * narrow > 0 && times * narrow < wide;
}

// Whether a logarithmic axis need not reach down to a value.
const isNoise = (value, most, better, rule) =>
  value < rule.smallest * most && (better === "higher" || value < rule.noise);

// The end that is further from the others; null where it is the better one.
function worseEnd([low, high], others, better) {
  const middle = (smallest(others.map(([end]) => end)) + largest(others.map(([, end]) => end))) / 2;
  const below = middle - low > high - middle;
  return better === (below ? "lower" : "higher") ? null : below ? low : high;
}

const spanOf = (ends) => largest(ends.map(([, high]) => high)) - smallest(ends.map(([low]) => low));

// What leaves and what comes in, in words at the side where it does, for a layout's annotations; in a
// picture of one method alone without its name. The curves are counted ones.
function leaversOf(curves, log, better, range, rule, alone = null) {
  const left = leaving(curves, log, better, rule);
  const isShown = (i) => alone === null || curves[i].m === alone;
  const name = (i) => (alone === null ? `${literal(curves[i].line.name)}: ` : "");
  const told = [...left].filter(([i]) => isShown(i)).map(([i, far]) => [Boolean(range && far > range[1]), `${name(i)}${brief(far, 3)}`]);
  const starts = curves.filter((curve, i) => !left.has(i) && known(curve.start) && isShown(i));
  if (starts.length) told.push([better === "lower", startsOf(starts, better, alone)]);
  const rows = { true: 0, false: 0 };
  return told.map(([up, text]) => ({
    text: `${up ? "\u25b2" : "\u25bc"} ${text}`,
    xref: "paper", yref: "paper", x: 1, y: up ? 1 : 0, xanchor: "right",
    yanchor: up ? "top" : "bottom", yshift: (up ? -15 : 15) * rows[up]++,
    showarrow: false, bgcolor: faint(style("paper"), 0.85), font: { size: 11, color: style("text") },
  }));
}

function startsOf(starts, better, alone) {
  const far = brief((better === "lower" ? largest : smallest)(starts.map(({ start }) => start)), 3);
  if (alone !== null) return `from ${far}`;
  return starts.length === 1 ? `${literal(starts[0].line.name)} comes from ${far}` : `${starts.length} curves come from ${far}`;
}

// How far an interval goes from its mean where each curve is one point, by the median.
function usualInterval(curves) {
  if (curves.some(({ mean }) => mean.length !== 1)) return 0;
  const widths = curves
    .filter(({ low, high }) => known(low?.[0]) && known(high?.[0]))
    .map(({ mean, low, high }) => Math.max(mean[0] - low[0], high[0] - mean[0]))
    .sort((a, b) => a - b);
  return widths.length ? widths[Math.floor(widths.length / 2)] : 0;
}

function linear(curves, least, most, rule) {
  const stretch = Math.max(rule.band * (most - least), usualInterval(curves));
  const spread = curves.map(spreadOf);
  const lows = spread.flatMap(([low]) => low).filter(known);
  const highs = spread.flatMap(([, high]) => high).filter(known);
  let low = Math.min(least, smallest(lows.map((x) => Math.max(x, least - stretch))));
  const high = Math.max(most, largest(highs.map((x) => Math.min(x, most + stretch))));
  if (least >= 0) low = Math.max(low, 0);
  const room = rule.room * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

// The ends of what is drawn around a mean: of its band, or of the seeds in its place.
function spreadOf({ low, high, seeds = [] }) {
  if (!seeds.length) return [low, high];
  const values = seeds.map(({ y }) => y.filter(known)).filter((y) => y.length);
  return [values.map(smallest), values.map(largest)];
}

function decades(means, most, better, rule) {
  const loud = smallest(means.filter((mean) => !isNoise(mean, most, better, rule)));
  const bottom = isNoise(smallest(means), most, better, rule) ? Math.min(rule.smallest * most, loud) : loud;
  const room = 1.1 * (most / bottom) ** rule.room;
  return [bottom / room, most * room];
}

const smallest = (numbers) => numbers.reduce((a, b) => Math.min(a, b), Infinity);
const largest = (numbers) => numbers.reduce((a, b) => Math.max(a, b), -Infinity);
