// Fonts for the pictures that the server draws of events: whole scripts, one weight a file, with a list of what each holds.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Blob as FontBlob, Face } from "harfbuzzjs";
import subset from "subset-font";

const packages = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "node_modules");
const european = ["latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese"];
const others = { "noto-naskh-arabic": "arabic", "noto-serif-armenian": "armenian", "noto-serif-devanagari": "devanagari", "noto-serif-georgian": "georgian", "noto-serif-hebrew": "hebrew" };

// A title is set in the serif face, what stands below it in the sans; scripts that have one face only use that for both.
const STYLES = {
  title: { weight: 600, family: "source-serif-4" },
  text: { weight: 400, family: "source-sans-3" },
};

/** Files of a style in the order in which they are asked for a character. */
function sources({ weight, family }) {
  const variable = european.map((script) => join("@fontsource-variable", family, "files", `${family}-${script}-wght-normal.woff2`));
  const fixed = Object.entries(others).map(([name, script]) => join("@fontsource", name, "files", `${name}-${script}-${weight}-normal.woff2`));
  return [...variable, ...fixed];
}

/** [first, last] of every run of characters that a font can draw. */
function ranges(font) {
  const found = [];
  for (const code of [...new Face(new FontBlob(font)).collectUnicodes()].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && code === last[1] + 1) last[1] = code;
    else found.push([code, code]);
  }
  return found;
}

async function write(folder, style, source) {
  const axes = source.includes("-wght-") ? { wght: STYLES[style].weight } : undefined;
  const woff2 = await readFile(join(packages, source));
  const font = await subset(woff2, undefined, { targetFormat: "truetype", keepAllGlyphs: true, variationAxes: axes });
  const file = `${style}-${source.split("/").at(-1).replace(/-(wght|\d+)-normal\.woff2$/, "")}.ttf`;
  await writeFile(join(folder, file), font);
  return { file, ranges: ranges(font) };
}

export async function drawingFonts(out) {
  const folder = join(out, "drawing");
  await mkdir(folder, { recursive: true });
  const styles = Object.keys(STYLES).map(async (style) => [
    style,
    await Promise.all(sources(STYLES[style]).map((source) => write(folder, style, source))),
  ]);
  await writeFile(join(folder, "fonts.json"), JSON.stringify(Object.fromEntries(await Promise.all(styles))));
}
