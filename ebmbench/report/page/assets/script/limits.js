// The range of a y axis: what the means span, not what a wide interval spans.
// The same rule as ebmbench/report/figures/limits.py, over the methods that are shown.

// curves have mean, and low and high with null for no interval; the range, or null for none.
function limits(curves, log, target, rule) {
  const means = curves.flatMap((curve) => curve.mean).filter((x) => known(x) && (!log || x > 0));
  if (known(target) && (!log || target > 0)) means.push(target);
  if (!means.length) return null;
  const least = smallest(means);
  const most = largest(means);
  return log ? decades(least, most, rule) : linear(curves, least, most, rule);
}

function linear(curves, least, most, rule) {
  const stretch = rule.band * (most - least);
  const lows = curves.flatMap((curve) => curve.low).filter(known);
  const highs = curves.flatMap((curve) => curve.high).filter(known);
  let low = Math.min(least, smallest(lows.map((x) => Math.max(x, least - stretch))));
  const high = Math.max(most, largest(highs.map((x) => Math.min(x, most + stretch))));
  if (least >= 0) low = Math.max(low, 0);
  const room = rule.room * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

function decades(least, most, rule) {
  const bottom = Math.max(least, rule.smallest * most);
  const room = 1.1 * (most / bottom) ** rule.room;
  return [bottom / room, most * room];
}

const smallest = (numbers) => numbers.reduce((a, b) => Math.min(a, b), Infinity);
const largest = (numbers) => numbers.reduce((a, b) => Math.max(a, b), -Infinity);
