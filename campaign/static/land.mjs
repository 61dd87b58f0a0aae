// The land of the maps, from Natural Earth (public domain): coasts and nothing else, for no border is drawn here.
// `figure` is the whole world as one path in Equal Earth; `tiles` the same in squares of the Mercator plane, finer with each level.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { geoEqualEarth, geoMercator, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const require = createRequire(import.meta.url);

// A tile is 1024 units wide, which are about as many pixels where it is shown. `calendar/map/land.py` reads them.
const UNITS = 1024;
const LEVELS = 6;
const TOLERANCE = 1.6;
const SMALLEST = 6; // Square units; an island below that is no more than a speck there, and appears at a finer level.
const MARGIN = 4; // Neighbours overlap a little, so that no seam shines through.
const SOUTH = -60; // Antarctica holds no events and would take a third of the picture.

async function land(detail) {
  const topology = JSON.parse(await readFile(require.resolve(`world-atlas/land-${detail}.json`), "utf8"));
  const [{ geometry }] = feature(topology, topology.objects.land).features;
  const isNorth = (polygon) => polygon[0].some(([, latitude]) => latitude > SOUTH);
  return { ...geometry, coordinates: geometry.coordinates.filter(isNorth) };
}

/** The rings of a geometry on the plane, cut at the antimeridian by the projection. */
function rings(geometry, projection) {
  const found = [];
  const pen = {
    moveTo: (x, y) => found.push([[x, y]]),
    lineTo: (x, y) => found.at(-1).push([x, y]),
    closePath() {},
    arc() {},
  };
  geoPath(projection.precision(0), pen)(geometry);
  return found;
}

/** Douglas and Peucker: without the points that lie closer than `tolerance` to the line without them. */
function simplified(ring, tolerance) {
  const keep = new Set([0, ring.length - 1]);
  const open = [[0, ring.length - 1]];
  while (open.length) {
    const [first, last] = open.pop();
    let [farthest, index] = [tolerance, -1];
    for (let i = first + 1; i < last; i += 1) {
      const away = distance(ring[i], ring[first], ring[last]);
      if (away > farthest) [farthest, index] = [away, i];
    }
    if (index < 0) continue;
    keep.add(index);
    open.push([first, index], [index, last]);
  }
  return ring.filter((_, i) => keep.has(i));
}

function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** The part of a ring inside a square (Sutherland and Hodgman). */
function cut(ring, x, y, size) {
  const sides = [
    [0, 1, x - MARGIN],
    [0, -1, -(x + size + MARGIN)],
    [1, 1, y - MARGIN],
    [1, -1, -(y + size + MARGIN)],
  ];
  let points = ring;
  for (const [axis, sign, limit] of sides) {
    const kept = [];
    for (let i = 0; i < points.length; i += 1) {
      const [from, to] = [points.at(i - 1), points[i]];
      const [a, b] = [sign * from[axis] - limit, sign * to[axis] - limit];
      if (a >= 0 !== b >= 0) kept.push(from.map((value, n) => value + ((to[n] - value) * a) / (a - b)));
      if (b >= 0) kept.push(to);
    }
    points = kept;
    if (!points.length) break;
  }
  return points;
}

/** Rings as the data of an SVG path: whole units, relative, without points that rounding put onto each other. */
function path(found, left = 0, top = 0) {
  return found.map((ring) => line(ring.map(([x, y]) => [Math.round(x - left), Math.round(y - top)]))).join("");
}

function line([first, ...rest]) {
  const steps = [];
  let [px, py] = first;
  for (const [x, y] of rest) {
    if (x !== px || y !== py) steps.push(x - px, y - py);
    [px, py] = [x, y];
  }
  return steps.length < 6 ? "" : `M${first.join(" ")}l${steps.join(" ")}z`.replaceAll(" -", "-");
}

/** The world as a figure: x from 0 to 1000, the equator at 250. `calendar/map/projection.py` computes the same. */
export async function figure() {
  const projection = geoEqualEarth().scale(1000 / (2 * 2.7066297)).translate([500, 250]);
  return path(rings(await land("110m"), projection).map((ring) => simplified(ring, 0.6)));
}

/** For each level `x/y` → path. Level n has 2^n tiles on a side; the whole world in one comes from the coarsest source. */
export async function tiles() {
  const levels = [];
  for (let level = 0; level < LEVELS; level += 1) {
    const [count, world] = [2 ** level, UNITS * 2 ** level];
    const projection = geoMercator().scale(world / (2 * Math.PI)).translate([world / 2, world / 2]);
    const all = rings(await land(level ? "50m" : "110m"), projection).filter((ring) => area(ring) >= SMALLEST);
    levels.push(squares(all.map((ring) => simplified(ring, TOLERANCE)), count));
  }
  return levels;
}

function squares(all, count) {
  const found = {};
  const boxes = all.map((ring) => ({ ring, x: extent(ring, 0), y: extent(ring, 1) }));
  for (let x = 0; x < count; x += 1) {
    const column = boxes.filter((box) => meets(box.x, x));
    for (let y = 0; y < count; y += 1) {
      const here = column.filter((box) => meets(box.y, y));
      const parts = here.map(({ ring }) => cut(ring, x * UNITS, y * UNITS, UNITS)).filter((ring) => ring.length > 2);
      const drawn = path(parts, x * UNITS, y * UNITS);
      if (drawn) found[`${x}/${y}`] = drawn;
    }
  }
  return found;
}

function area(ring) {
  return Math.abs(ring.reduce((sum, [x, y], i) => sum + x * ring.at(i - 1)[1] - ring.at(i - 1)[0] * y, 0)) / 2;
}

function meets([low, high], tile) {
  return low <= (tile + 1) * UNITS + MARGIN && high >= tile * UNITS - MARGIN;
}

function extent(ring, axis) {
  let [low, high] = [Infinity, -Infinity];
  for (const point of ring) [low, high] = [Math.min(low, point[axis]), Math.max(high, point[axis])];
  return [low, high];
}
