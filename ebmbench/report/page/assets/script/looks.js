// How lines look: one colour, marker and dash per method throughout, as in the Markdown report.

const dark = matchMedia("(prefers-color-scheme: dark)");
const SYMBOLS = {
  o: "circle", s: "square", "^": "triangle-up", D: "diamond",
  v: "triangle-down", P: "cross", X: "x", "<": "triangle-left", p: "pentagon",
};
const WIDTH = 1.8;

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

// Black would be lost on a dark page.
const colourOf = (line) => (line.colour === "#000000" ? style("ink") : line.colour);

function faint(colour, opacity) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return `rgba(${r},${g},${b},${opacity})`;
}

const dashOf = (line) => line.dashes.map((x) => `${x * WIDTH}px`).join(",") || "solid";

const symbolOf = (line) => SYMBOLS[line.marker] + (line.hollow ? "-open" : "");

const markerOf = (line) => ({ symbol: symbolOf(line), size: 6, color: colourOf(line) });

// The library reads tags, entities and %{...} in what it shows: a name has none.
function literal(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "%": "&#37;" };
  return text.replace(/[&<>%]/g, (letter) => entities[letter]);
}

// A method's line with its marker, as the page defines it once.
function swatch(m) {
  return makeSvg("svg", { class: "look", "aria-hidden": "true" }, makeSvg("use", { href: `#look-${m}` }));
}

// Plain numbers on a logarithmic axis, the more per decade the fewer decades there are.
function ticks(axis, numbers, most = 6) {
  if (axis?.type !== "log") return {};
  const positive = numbers.filter((x) => x > 0);
  const [low, high] = axis.range?.map((end) => 10 ** end) ?? [smallest(positive), largest(positive)];
  const decades = (Math.log10(high / low) * 6) / most; // were there room for six
  const steps = decades < 1.7 ? [1, 2, 5] : decades < 4.3 ? [1, 3] : [1];
  const first = Math.floor(Math.log10(low));
  const powers = [...Array(Math.max(0, Math.ceil(Math.log10(high)) - first + 1) || 0).keys()];
  const named = powers.flatMap((k) => steps.map((step) => Number(`${step}e${first + k}`)));
  const shown = named.filter((x) => x >= 0.999 * low && x <= 1.001 * high);
  return shown.length > 1 ? { tickvals: shown, ticktext: shown.map((x) => brief(x)) } : {};
}

// What all charts have in common.
function layoutOf(more, traces, few) {
  const axis = {
    color: style("muted"), gridcolor: style("grid"), linecolor: style("rule"), zeroline: false,
    automargin: true, tickfont: { size: 11 }, exponentformat: "SI", minexponent: 4,
  };
  const { xaxis, yaxis, ...others } = more;
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false, hovermode: "closest",
    font: { family: "system-ui, sans-serif", size: 12, color: style("text") },
    margin: { l: 52, r: 10, t: 10, b: 44 },
    hoverlabel: { bgcolor: style("raised"), bordercolor: style("rule"), font: { color: style("text") }, align: "left" },
    xaxis: { ...axis, nticks: few && 4, ...ticks(xaxis, traces.flatMap((trace) => trace.x), few && 3), ...xaxis },
    yaxis: { ...axis, nticks: few && 4, ...ticks(yaxis, traces.flatMap((trace) => trace.y), few && 3), ...yaxis }, ...others,
  };
}

const CONFIG = { displayModeBar: false, responsive: true, doubleClick: "reset", displaylogo: false };

// A picture that is drawn when it is seen, and anew when what it shows or the theme changes.
// picture() gives { traces, layout, said }, said being its text for who does not see it.
function makeChart(picture, more = "") {
  const node = make("div", { class: `chart ${more}`.trim(), role: "img", "aria-label": "not drawn yet" });
  const draw = whenSeen(node, () => {
    const { traces, layout, said, few } = picture();
    node.setAttribute("aria-label", said);
    Plotly.react(node, traces, layoutOf(layout, traces, few), CONFIG);
  });
  dark.addEventListener("change", draw);
  return { node, draw };
}
