// Images over training: a film per method, all on one slider.

const FRAME = 2; // dots, around an image
const GAP = 2; // dots, between two
const SIDE = 34; // dots of an image's longer side, at least
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

function showFilms(board, home) {
  const names = [...new Set(board.films.map((film) => film.name))];
  for (const name of names) home.append(showing(board, board.films.filter((film) => film.name === name), name));
}

function showing(board, films, name) {
  const epochs = [...new Set(films.flatMap((film) => film.epochs))].sort((a, b) => a - b);
  const reels = films.map((film) => new Reel(film, board.dataset));
  const told = make("output", {});
  const slider = make("input", {
    type: "range", min: 0, max: epochs.length - 1, value: epochs.length - 1, "aria-label": `Moment of training of ${name} on ${board.dataset}`,
  });
  const show = () => {
    const epoch = epochs[slider.value];
    told.textContent = `epoch ${epoch}`;
    slider.setAttribute("aria-valuetext", told.textContent);
    for (const reel of reels) reel.show(epoch);
  };
  slider.addEventListener("input", show);
  const player = make("div", { class: "player" }, playButton(slider, show, epochs.length), slider, told);
  if (epochs.length < 2) player.hidden = true;
  const all = make("div", { class: "film" }, make("p", {}, make("strong", {}, name), ` (${films[0].images} of ${films[0].of} images)`),
    legendOf(films[0].legend), player, make("div", { class: "reels" }, ...reels.map((reel) => reel.figure)));
  whenSeen(all, show);
  return all;
}

function playButton(slider, show, length) {
  let timer = null;
  const button = make("button", { type: "button" }, "Play");
  const stop = () => { clearInterval(timer); timer = null; button.textContent = "Play"; };
  const step = () => {
    slider.value = Number(slider.value) + 1;
    show();
    if (Number(slider.value) === length - 1) stop();
  };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (Number(slider.value) === length - 1) { slider.value = 0; show(); }
    button.textContent = "Pause";
    timer = setInterval(step, STILL.matches ? 1500 : 450);
  });
  return button;
}

function legendOf(legend) {
  const mark = (word, i) => make("li", {}, make("span", { class: "swatch", style: `--mark: ${markColour(i)}` }), word);
  return make("ul", { class: "marks" }, ...legend.map(mark));
}

const markColour = (mark) => carried.markColours[mark % carried.markColours.length];

class Reel {
  constructor(film, dataset) {
    this.film = film;
    const [height, width] = film.shape;
    this.scale = Math.max(1, Math.ceil(SIDE / Math.max(height, width)));
    this.rows = Math.ceil(film.images / film.columns);
    const dots = (n, size) => n * (size * this.scale + 2 * FRAME + GAP) - GAP;
    this.canvas = make("canvas", { width: dots(film.columns, width), height: dots(this.rows, height), role: "img" });
    this.label = `${film.name} of ${carried.lines[film.m].name} on ${dataset}, seed ${film.seed}`;
    const caption = make("figcaption", {}, `${carried.lines[film.m].name}, seed ${film.seed}`);
    this.figure = make("figure", {}, this.canvas, caption);
  }

  // The last frame until an epoch.
  show(epoch) {
    const index = Math.max(0, this.film.epochs.findLastIndex((each) => each <= epoch));
    this.canvas.setAttribute("aria-label", `${this.label}, epoch ${this.film.epochs[index]}`);
    this.wanted = index;
    this.picture ??= this.read();
    this.picture.then((picture) => { if (this.wanted === index) this.draw(picture, index); });
  }

  async read() {
    const picture = new Image();
    picture.src = this.film.picture;
    await picture.decode();
    return picture;
  }

  draw(picture, index) {
    const [height, width] = this.film.shape;
    const pen = this.canvas.getContext("2d");
    const marks = this.film.marks[index];
    pen.imageSmoothingEnabled = false;
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (let i = 0; i < this.film.images; i++) {
      const [row, column] = [Math.floor(i / this.film.columns), i % this.film.columns];
      const [w, h] = [width * this.scale, height * this.scale];
      const [x, y] = [column * (w + 2 * FRAME + GAP), row * (h + 2 * FRAME + GAP)];
      pen.fillStyle = marks ? markColour(marks[i]) : "#b0b0b0";
      pen.fillRect(x, y, w + 2 * FRAME, h + 2 * FRAME);
      pen.drawImage(picture, column * width, (index * this.rows + row) * height, width, height, x + FRAME, y + FRAME, w, h);
    }
  }
}
