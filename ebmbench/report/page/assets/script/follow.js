// Follows a run that may still go on: asks how far it is, and loads the page anew when it has more.

const [OFTEN, SELDOM] = [2000, 10000]; // ms between two questions
const CALM = 1500; // ms without a hand on mouse or keys before the page is loaded anew
const PATIENCE = 20000; // ms that this is waited for, at most

let [lastTouched, newSince] = [0, null];

function follow(home) {
  takeUpChoices();
  noteChoices();
  for (const what of ["pointerdown", "pointermove", "keydown", "wheel"]) {
    addEventListener(what, () => { lastTouched = performance.now(); }, { passive: true });
  }
  ask(home);
}

async function ask(home) {
  let wait = OFTEN;
  try {
    const answer = await fetch("state", { cache: "no-store" });
    const state = await answer.json();
    if (!answer.ok) throw new Error(state.error);
    showStanding(home, state);
    if (state.page !== home.dataset.page) return loadWhenCalm(home);
    if (state.state === "ended") wait = SELDOM;
  } catch (error) {
    home.querySelector("[role=status]").textContent = error instanceof TypeError
      ? "This page is no longer served: ebmbench view has ended. What it shows stays." : String(error.message);
    wait = SELDOM;
  }
  setTimeout(ask, wait, home);
}

// Not under the reader's hands.
function loadWhenCalm(home) {
  const now = performance.now();
  newSince ??= now;
  if (now - lastTouched < CALM && now - newSince < PATIENCE) {
    setTimeout(loadWhenCalm, 300, home);
    return;
  }
  keepChoices();
  location.reload();
}

function showStanding(home, state) {
  home.dataset.state = state.state;
  const said = home.querySelector("[role=status]");
  if (said.textContent !== state.sentence) said.textContent = state.sentence;
  home.querySelector("progress").value = state.share;
  home.querySelector(".into").replaceChildren(...(state.blocks.length ? [atWork(state)] : []));
}

function atWork({ blocks, target }) {
  const heads = ["at work", "", "so far", "left", target ?? "", ""];
  const row = (block) => make("tr", {},
    make("th", { scope: "row" }, block.name), make("td", {}, block.seeds),
    make("td", {}, block.measuring ? `measuring ${block.measuring}` : `${block.unit} ${block.epoch} of ${block.epochs}`),
    make("td", { class: "number" }, block.left),
    make("td", { class: "number" }, known(block.value) ? brief(block.value, 3) : ""), make("td", {}, trendOf(block)));
  return make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table: what is at work" },
    make("table", { class: "plain" },
      make("caption", {}, "At work now"),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make(head ? "th" : "td", head ? { scope: "col" } : {}, head)))),
      make("tbody", {}, ...blocks.map(row))));
}

// The target so far as a small curve, whose numbers stand beside it.
function trendOf({ trend, epoch }) {
  if (trend.length < 2) return "";
  const [width, height] = [120, 24];
  const values = trend.map(([, value]) => value);
  const [low, high, first] = [smallest(values), largest(values), trend[0][0]];
  const x = (at) => (width * (at - first)) / Math.max(epoch - first, 1);
  const y = (value) => 2 + ((height - 4) * (high - value)) / (high - low || 1);
  const points = [...trend, [epoch, values.at(-1)]].map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
  return makeSvg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
    makeSvg("polyline", { points: points.join(" "), fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));
}

follow(document.getElementById("following"));
