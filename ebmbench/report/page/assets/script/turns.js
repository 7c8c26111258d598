// Drawing in turns: pictures that the reader sees are drawn one after another, and between them the
// page answers. No click waits for more than a picture or two.

const BREATH = 30; // ms of drawing at a stretch
const waiting = new Set();
let turn = null;

function inTurn(draw) {
  waiting.add(draw);
  turn ??= setTimeout(drawSome);
}

function drawSome() {
  const start = performance.now();
  for (const draw of waiting) {
    waiting.delete(draw);
    draw();
    if (performance.now() - start > BREATH) break;
  }
  turn = waiting.size ? setTimeout(drawSome) : null;
}

// Draws when the element is about to be seen, and no sooner. The function that is given back asks
// for it to be drawn anew: soon where it is in sight, else when it comes into sight.
const inSight = new Map();
const eyes = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) inSight.get(target)(isIntersecting);
}, { rootMargin: "400px" });

function whenSeen(element, draw) {
  let [seenNow, outdated] = [false, true];
  const now = () => {
    if (!seenNow || !outdated) return;
    outdated = false;
    draw();
    element.removeAttribute("aria-busy");
  };
  const renew = () => {
    outdated = true;
    if (!seenNow) return;
    element.setAttribute("aria-busy", "true");
    inTurn(now);
  };
  inSight.set(element, (isSeen) => {
    seenNow = isSeen;
    if (isSeen && outdated) renew();
    if (!isSeen) element.removeAttribute("aria-busy");
  });
  eyes.observe(element);
  return renew;
}
