// Bundles style sheets, scripts and icons into build/, under names that carry their content, each with compressed copies.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import subset from "subset-font";
import { drawingFonts } from "./drawing.mjs";
import { figure, tiles } from "./land.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, "build");

// Browsers of the last years; older ones get the page without the niceties.
const target = ["chrome109", "firefox115", "safari15.4", "edge109"];

// Every page begins with this font; the layout asks for it before the style sheet does.
const EARLY_FONT = "source-sans-3-latin-wght";

/** The characters of ranges such as `U+0041-005A, U+20AC`. */
function characters(ranges) {
  let text = "";
  for (const range of ranges.split(",")) {
    const [first, last = first] = range.trim().replace("U+", "").split("-").map((hex) => parseInt(hex, 16));
    for (let code = first; code <= last; code += 1) text += String.fromCodePoint(code);
  }
  return text;
}

/** File name of a font → the ranges that fonts.css says it is used for. */
async function fontRanges() {
  const sheet = await readFile(join(here, "css", "fonts.css"), "utf8");
  const faces = sheet.matchAll(/files\/([^"]+\.woff2)"[^}]*?unicode-range:\s*([^;]+);/g);
  return new Map([...faces].map(([, name, ranges]) => [name, ranges]));
}

/** Fonts hold far more than we set: other scripts' accents, weights we never use. Cut them down. */
function cutFonts(ranges) {
  return {
    name: "cut-fonts",
    setup(build) {
      build.onLoad({ filter: /\.woff2$/ }, async ({ path }) => {
        const name = basename(path);
        const axes = name.includes("wght") ? { wght: { min: 400, max: 700 } } : undefined;
        const text = characters(ranges.get(name));
        const cut = await subset(await readFile(path), text, { targetFormat: "woff2", variationAxes: axes });
        return { contents: cut, loader: "file" };
      });
    },
  };
}

async function bundle() {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: { app: "css/app.css", "app-script": "js/app.js", "map-script": "js/map.js" },
    outdir: "build",
    bundle: true,
    minify: true,
    format: "esm",
    target,
    charset: "utf8",
    legalComments: "none",
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    metafile: true,
    logLevel: "warning",
    plugins: [cutFonts(await fontRanges())],
  });
  const outputs = Object.entries(result.metafile.outputs);
  const entries = outputs.filter(([, made]) => made.entryPoint);
  const early = outputs.find(([path]) => path.includes(EARLY_FONT));
  return [...entries.map(([path, made]) => [basename(made.entryPoint), basename(path)]), ["sans.woff2", basename(early[0])]];
}

/** One sprite of all icons: every file in icons/ becomes a symbol with the file's name; and the land of the world. */
async function sprite() {
  const folder = join(here, "icons");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".svg")).sort();
  const symbols = await Promise.all(
    names.map(async (name) => {
      const source = await readFile(join(folder, name), "utf8");
      const [, box, drawing] = source.match(/viewBox="([^"]+)"[^>]*>([\s\S]*)<\/svg>/);
      return `<symbol id="${basename(name, ".svg")}" viewBox="${box}">${drawing.trim()}</symbol>`;
    }),
  );
  symbols.push(`<path id="world" fill-rule="evenodd" d="${await figure()}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** Write `content` under a name with its hash; returns that name. */
async function keep(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const stored = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  await writeFile(join(out, stored), content);
  return stored;
}

async function compress() {
  for (const name of await readdir(out)) {
    if (!/\.(css|js|svg)$/.test(name)) continue;
    const content = await readFile(join(out, name));
    await writeFile(join(out, `${name}.gz`), gzipSync(content, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    await writeFile(join(out, `${name}.br`), brotliCompressSync(content, { params }));
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const made = new Map(await bundle());
made.set("icons.svg", await keep("icons.svg", await sprite()));
made.set("flame.svg", await keep("flame.svg", await readFile(join(here, "flame.svg"))));
await drawingFonts(out);
await compress();
await writeFile(join(out, "land.json"), JSON.stringify(await tiles())); // For the server, which puts what is in view into its answers.
await writeFile(join(out, "manifest.json"), `${JSON.stringify(Object.fromEntries([...made].sort()), null, 2)}\n`);
