// Curves as the library draws them.

// Where the band is known, a polygon per stretch without gaps.
function bandOf(line, x, low, high, floor) {
  const polygons = { x: [], y: [] };
  let from = 0;
  for (let i = 0; i <= x.length; i++) {
    if (i < x.length && known(low[i]) && known(high[i])) continue;
    if (i > from) {
      const there = [...Array(i - from).keys()].map((k) => from + k);
      const back = [...there].reverse();
      polygons.x.push(...there.map((k) => x[k]), ...back.map((k) => x[k]), null);
      polygons.y.push(...there.map((k) => high[k]), ...back.map((k) => Math.max(low[k], floor)), null);
    }
    from = i + 1;
  }
  return {
    ...polygons, type: "scatter", mode: "lines", fill: "toself", hoverinfo: "skip",
    fillcolor: faint(colourOf(line), 0.16), line: { width: 0 },
  };
}

function meanOf(line, x, curve, where) {
  const step = Math.ceil(x.length / 25);
  return {
    x, y: curve.mean, type: "scatter", mode: "lines+markers", name: line.name,
    line: { color: colourOf(line), width: WIDTH, dash: dashOf(line) },
    marker: { ...markerOf(line), maxdisplayed: step > 1 ? 25 : 0 },
    text: curve.mean.map((mean, i) => withEnds(mean, curve.low[i], curve.high[i])),
    hovertemplate: `<b>${literal(line.name)}</b><br>${literal(where)} %{x}: %{text}<extra></extra>`,
  };
}

// Many thin lines as one trace, with gaps between them; each is { x, y, s }.
function seedsOf(line, seeds, where) {
  const all = { x: [], y: [], text: [] };
  for (const { x, y, s } of seeds) {
    all.x.push(...x, null);
    all.y.push(...y, null);
    all.text.push(...x.map(() => `seed ${s}`), "");
  }
  return {
    ...all, type: "scatter", mode: "lines", opacity: 0.5, line: { color: colourOf(line), width: 0.8 },
    hovertemplate: `${literal(line.name)}, %{text}<br>${literal(where)} %{x}: %{y}<extra></extra>`,
  };
}

// Where seeds diverged, as crosses; of a method of which nothing else is known with their ways there.
function divergedOf({ line, mean, diverged }, where) {
  const ends = diverged.map(({ x, y, s }) => [s, y.findLastIndex(known), x, y]).filter(([, last]) => last >= 0);
  const crosses = {
    x: ends.map(([, last, x]) => x[last]), y: ends.map(([, last, , y]) => y[last]), type: "scatter", mode: "markers",
    text: ends.map(([s]) => `seed ${s}, which diverged`),
    marker: { symbol: "x-thin", size: 8, color: colourOf(line), line: { color: colourOf(line), width: 2 } },
    hovertemplate: `${literal(line.name)}, %{text}<br>${literal(where)} %{x}: %{y}<extra></extra>`,
  };
  return mean.length ? [crosses] : [seedsOf(line, diverged, where), crosses];
}

function withBars(line, x, curve) {
  const width = (ends) => ends.map((end, i) => (known(end) ? Math.abs(end - curve.mean[i]) : null));
  return {
    x, y: curve.mean, type: "scatter", mode: "lines+markers", name: line.name,
    line: { color: colourOf(line), width: 0.7, dash: dashOf(line) }, marker: markerOf(line),
    error_y: {
      type: "data", symmetric: false, array: width(curve.high), arrayminus: width(curve.low),
      color: colourOf(line), thickness: 1, width: 2,
    },
    text: curve.mean.map((mean, i) => withEnds(mean, curve.low[i], curve.high[i])),
    hovertemplate: `<b>${literal(line.name)}</b><br>%{text}<extra></extra>`,
  };
}

const scaled = (log, range) => (log ? range.map(Math.log10) : range);

const yAxis = (title, log, range) => ({
  title: { text: literal(title) }, type: log ? "log" : "linear", range: range ? scaled(log, range) : undefined,
});
