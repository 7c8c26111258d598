// Elements of the page. Names come from suites and plugins: they are set as texts, never as HTML.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function makeSvg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// A labelled choice: options are [value, text]; change gets the value.
function makeChoice(label, options, chosen, change) {
  const select = make("select", { onchange: () => change(select.value) });
  for (const [value, text] of options) select.append(make("option", { value }, text));
  select.value = chosen;
  return make("label", {}, label, select);
}

// Draws when the element is about to be seen, and no sooner. The function that is given back asks
// for it to be drawn anew: at once where it is in sight, else when it comes into sight.
function whenSeen(element, draw) {
  let [inSight, outdated] = [false, true];
  const renew = () => {
    outdated = !inSight;
    if (inSight) draw();
  };
  const watcher = new IntersectionObserver((entries) => {
    inSight = entries.at(-1).isIntersecting;
    if (inSight && outdated) renew();
  }, { rootMargin: "400px" });
  watcher.observe(element);
  return renew;
}
