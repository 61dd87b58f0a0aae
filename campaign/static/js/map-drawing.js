// Draws land, streets and circles of a view; takes over what the server drew and replaces it as answers come.
import { world } from "./map-sheets.js";

const SVG = "http://www.w3.org/2000/svg";
const UNITS = 1024;
const STREETS_FROM = 8;
const TILE = 256;
const MOST_PATHS = 24;

export class Drawing {
  #svg;
  #page;
  #streets;
  #land = new Map();
  #circles = [];
  #images = new Map();
  #ring = null;

  constructor(surface) {
    this.#svg = surface.querySelector("svg");
    this.#page = surface.dataset.page;
    this.#streets = surface.dataset.tiles ?? "";
  }

  /** The server's drawing, as an answer for its sheet. */
  taken() {
    for (const path of this.#svg.querySelectorAll("[data-tile]")) this.#land.set(path.dataset.tile, path);
    const links = [...this.#svg.querySelectorAll(".spots > a")];
    this.#circles = links.map((element) => ({ element, data: JSON.parse(element.dataset.circle) }));
    const land = [...this.#land].map(([name, path]) => [...name.split("/").map(Number), path.getAttribute("d")]);
    return { circles: this.#circles.map(({ data }) => data), land };
  }

  /** Draw an answer from now on. */
  take({ circles, land }) {
    this.#takeLand(land);
    if (JSON.stringify(circles) === JSON.stringify(this.#circles.map(({ data }) => data))) return;
    this.#circles = circles.map((data) => ({ data, element: circle(data, this.#page) }));
    this.#svg.querySelector(".spots").replaceChildren(...this.#circles.map(({ element }) => element));
  }

  /** Land of one level at a time: coasts of two levels differ, and the coarser one would show through. */
  #takeLand(tiles) {
    const group = this.#svg.querySelector(".land");
    const level = tiles[0]?.[0];
    if (level === undefined) return;
    for (const [name, path] of this.#land) {
      if (Number(name.split("/")[0]) === level && this.#land.size < MOST_PATHS) continue;
      path.remove();
      this.#land.delete(name);
    }
    for (const [z, x, y, d] of tiles) {
      const name = `${z}/${x}/${y}`;
      if (this.#land.has(name)) continue;
      const path = make("path", { d, "data-tile": name });
      group.append(path);
      this.#land.set(name, path);
    }
  }

  draw(view, size) {
    this.#svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    const place = (x, y) => [(x - view.x) * view.scale + size.width / 2, (y - view.y) * view.scale + size.height / 2];
    for (const [name, path] of this.#land) {
      const [level, x, y] = name.split("/").map(Number);
      const side = 1 / 2 ** level;
      const scale = (side * view.scale) / UNITS;
      path.setAttribute("transform", `matrix(${scale} 0 0 ${scale} ${place(x * side, y * side).join(" ")})`);
    }
    for (const { element, data } of this.#circles) {
      element.setAttribute("transform", `translate(${place(data[0] / 1e7, data[1] / 1e7).join(" ")})`);
    }
    this.#svg.querySelector(".ring")?.remove();
    if (this.#ring) {
      const [cx, cy] = place(...this.#ring);
      this.#svg.append(make("circle", { class: "ring", cx, cy, r: 24 }));
    }
    if (this.#streets) this.#drawStreets(view, size, place);
  }

  /** Mark a position, or nothing. */
  ring(at) {
    this.#ring = at;
  }

  eventsInView({ width, height }) {
    let sum = 0;
    for (const { element, data } of this.#circles) {
      const [x, y] = element.getAttribute("transform").slice(10, -1).split(" ").map(Number);
      if (x >= 0 && y >= 0 && x <= width && y <= height) sum += data[2];
    }
    return sum;
  }

  /** Pictures of the streets where the operator set a source of them, from the scale of a city on. */
  #drawStreets(view, { width, height }, place) {
    const zoom = Math.round(Math.log2(view.scale / TILE));
    const count = 2 ** zoom;
    const wanted = new Set();
    if (zoom >= STREETS_FROM) {
      const half = [width / view.scale / 2, height / view.scale / 2];
      const column = [view.x - half[0], view.x + half[0]].map((at) => Math.floor(at * count));
      const row = [view.y - half[1], view.y + half[1]].map((at) => Math.floor(at * count));
      for (let x = Math.max(0, column[0]); x <= Math.min(count - 1, column[1]); x += 1) {
        for (let y = Math.max(0, row[0]); y <= Math.min(count - 1, row[1]); y += 1) wanted.add(`${zoom}/${x}/${y}`);
      }
    }
    for (const [name, image] of this.#images) {
      if (wanted.has(name)) continue;
      image.remove();
      this.#images.delete(name);
    }
    for (const name of wanted) this.#drawTile(name, (view.scale / world(zoom)) * TILE, place);
  }

  #drawTile(name, side, place) {
    const [z, x, y] = name.split("/");
    let image = this.#images.get(name);
    if (!image) {
      image = make("image", { href: this.#streets.replace("{z}", z).replace("{x}", x).replace("{y}", y) });
      this.#svg.querySelector(".streets").append(image);
      this.#images.set(name, image);
    }
    const [left, top] = place(x / 2 ** z, y / 2 ** z);
    for (const [key, value] of Object.entries({ x: left, y: top, width: side, height: side })) image.setAttribute(key, value);
  }
}

function circle(data, page) {
  const [x, y, , radius, text, label, key, name] = data;
  const address = new URL(page, location.href);
  if (key) address.searchParams.set("city", key);
  else {
    const latitude = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 1e7))) * 180) / Math.PI;
    address.searchParams.set("near", `${latitude.toFixed(1)},${((x / 1e7) * 360 - 180).toFixed(1)}`);
    address.searchParams.set("r", "10");
  }
  const link = make("a", { href: address.pathname + address.search, tabindex: -1, "data-circle": JSON.stringify(data) });
  link.append(make("title", {}, label), make("circle", { r: radius }));
  if (text) link.append(make("text", { dy: ".35em" }, text));
  if (name) link.append(make("text", { class: "name", x: radius + 4, dy: ".35em" }, name));
  return link;
}

function make(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}
