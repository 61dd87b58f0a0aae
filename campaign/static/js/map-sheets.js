// What the server answers for a part of the world, asked for once: circles, and land, which browsers keep for good. The
// rules are those of `calendar/map/sheets.py`.
const [SHEET, STEP] = [2048, 1024];
const LAST = 14;
const KEPT = 40;

/** Width of the world in pixels at a zoom. */
export function world(zoom) {
  return 256 * 2 ** zoom;
}

/** The zoom of a scale, and the whole one whose circles fit and in whose sheets the window lies. */
export function levelOf(scale) {
  const exact = Math.log2(scale / 256);
  return { exact, whole: Math.max(0, Math.min(LAST, Math.round(exact), Math.max(3, Math.floor(exact + 0.2)))) };
}

export class Sheets {
  #circles;
  #coasts;
  #kept = new Map();
  #asking = { name: "", stop: new AbortController(), answer: null };

  constructor({ sheets, coasts }) {
    this.#circles = sheets;
    this.#coasts = coasts;
  }

  keep(name, answer) {
    this.#kept.set(name, answer);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value);
    return answer;
  }

  /** The answer for the sheet around a view; nothing if another was asked for meanwhile, or if none came. */
  at(view) {
    const name = nameOf(view);
    if (this.#kept.has(name)) return this.#kept.get(name);
    if (this.#asking.name !== name) {
      this.#asking.stop.abort();
      const stop = new AbortController();
      this.#asking = { name, stop, answer: this.#ask(name, stop.signal) };
    }
    return this.#asking.answer;
  }

  async #ask(name, signal) {
    try {
      const parts = [this.#circles, this.#coasts].map((address) => read(address.replace("{z}/{x}/{y}", name), signal));
      return this.keep(name, Object.assign(...(await Promise.all(parts))));
    } catch {
      return null; // The map keeps what it shows.
    } finally {
      if (this.#asking.name === name) this.#asking.name = "";
    }
  }
}

async function read(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

function nameOf({ x, y, scale }) {
  const zoom = levelOf(scale).whole;
  const most = Math.max(0, world(zoom) / STEP - SHEET / STEP);
  const index = (at) => Math.max(0, Math.min(most, Math.round((at * world(zoom)) / STEP - 1)));
  return `${zoom}/${index(x)}/${index(y)}`;
}
