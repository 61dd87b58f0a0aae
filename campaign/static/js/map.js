// The map: what all pages have, and a surface that moves. The page works without it; this only saves loading it again.
import "./app.js";
import { Drawing } from "./map-drawing.js";
import { gestures } from "./map-gestures.js";
import { Sheets, levelOf, world } from "./map-sheets.js";

const SETTLED = 200;
const STEP = 80;
// Nothing is drawn north and south of these in the square of the world.
const [NORTH, SOUTH] = [0.12, 0.72];

class MovingMap {
  #surface;
  #drawing;
  #sheets;
  #view;
  #size = { width: 0, height: 0 };
  #start;
  #settling = 0;
  #isMoved = false;

  constructor(surface) {
    this.#surface = surface;
    this.#drawing = new Drawing(surface);
    this.#sheets = new Sheets(surface.dataset);
    this.#sheets.keep(surface.dataset.sheet, this.#drawing.taken());
    const { x, y, width } = surface.dataset;
    this.#start = { x: Number(x), y: Number(y), width: Number(width) };
    // A map that is not shown yet, as on phones, begins when it is.
    new ResizeObserver(() => this.#resized()).observe(surface);
    gestures(surface, {
      moved: (dx, dy) => this.#moved(dx, dy),
      scaled: (factor, at) => this.#scaled(factor, at),
      key: (key) => this.#key(key),
      pressed: (link) => this.#pressed(link),
    });
    for (const tool of surface.parentElement.querySelectorAll("[data-zoom]")) {
      tool.addEventListener("click", (event) => {
        event.preventDefault();
        this.#tool(tool.dataset.zoom);
      });
    }
    this.#followTable();
  }

  get #lastScale() {
    return world(Number(this.#surface.dataset.lastZoom));
  }

  #resized() {
    const { width, height } = this.#surface.getBoundingClientRect();
    if (!width || !height) return;
    const isFirst = !this.#view;
    this.#size = { width, height };
    if (isFirst) {
      this.#surface.classList.add("moves");
      this.#view = { x: this.#start.x, y: this.#start.y, scale: width / this.#start.width };
    }
    this.#changed();
  }

  #changed() {
    const { width, height } = this.#size;
    const view = this.#view;
    view.scale = Math.max(width, Math.min(this.#lastScale, view.scale));
    view.x = within(view.x, 0, 1, width / view.scale / 2);
    view.y = within(view.y, NORTH, SOUTH, height / view.scale / 2);
    this.#drawing.draw(view, this.#size);
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settled(), this.#isMoved ? SETTLED : 0);
  }

  async #settled() {
    const found = await this.#sheets.at(this.#view);
    if (!found) return;
    this.#drawing.take(found);
    this.#drawing.draw(this.#view, this.#size);
    if (this.#isMoved) this.#told();
  }

  /** The number of events in view is said, and the address leads back to this view. */
  #told() {
    const { x, y, scale } = this.#view;
    const status = this.#surface.parentElement.querySelector("[role=status]");
    const text = this.#surface.dataset.inView.replace("{number}", this.#drawing.eventsInView(this.#size));
    if (status.textContent !== text) status.textContent = text;
    const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
    const address = new URL(location.href);
    address.searchParams.set("at", `${levelOf(scale).exact.toFixed(2)}/${latitude.toFixed(4)}/${(x * 360 - 180).toFixed(4)}`);
    history.replaceState(history.state, "", address);
  }

  #moved(dx, dy) {
    this.#isMoved = true;
    this.#view.x -= dx / this.#view.scale;
    this.#view.y -= dy / this.#view.scale;
    this.#changed();
  }

  /** Larger or smaller around a point of the surface, its middle if none is given. */
  #scaled(factor, at = { x: this.#size.width / 2, y: this.#size.height / 2 }) {
    this.#isMoved = true;
    const view = this.#view;
    const scale = Math.max(this.#size.width, Math.min(this.#lastScale, view.scale * factor));
    const away = [at.x - this.#size.width / 2, at.y - this.#size.height / 2];
    view.x += away[0] / view.scale - away[0] / scale;
    view.y += away[1] / view.scale - away[1] / scale;
    view.scale = scale;
    this.#changed();
  }

  #key(key) {
    const steps = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    if (steps[key]) this.#moved(...steps[key]);
    else if (key === "+" || key === "=") this.#tool("1");
    else if (key === "-") this.#tool("-1");
    else if (key === "0" || key === "Home") this.#tool("world");
    else return false;
    return true;
  }

  #tool(what) {
    if (what === "world") this.#view.scale = 0;
    if (what === "world") this.#scaled(1);
    else this.#scaled(2 ** Number(what));
  }

  /** A circle of several places opens on the spot; one of a single place is an ordinary link. */
  #pressed(link) {
    const [x, y, , , , , key] = JSON.parse(link.dataset.circle);
    if (key || levelOf(this.#view.scale).exact >= Number(this.#surface.dataset.lastZoom)) return false;
    Object.assign(this.#view, { x: x / 1e7, y: y / 1e7 });
    this.#scaled(4);
    return true;
  }

  /** The row under the mouse or with the cursor is ringed on the map. */
  #followTable() {
    const table = this.#surface.closest(".map-view")?.querySelector(".places");
    if (!table) return;
    const ring = (event) => {
      const at = event.target.closest("tr[data-at]")?.dataset.at;
      this.#drawing.ring(at && event.type !== "mouseleave" ? at.split(" ").map(Number) : null);
      if (this.#view) this.#drawing.draw(this.#view, this.#size);
    };
    for (const type of ["mouseover", "focusin", "mouseleave", "focusout"]) table.addEventListener(type, ring);
  }
}

/** The middle of a span of `half` on both sides, kept between two edges; between them where it is wider. */
function within(middle, low, high, half) {
  return 2 * half >= high - low ? (low + high) / 2 : Math.max(low + half, Math.min(high - half, middle));
}

for (const surface of document.querySelectorAll("[data-map]")) new MovingMap(surface);
