// Lists what the scripts of each face say, so that the page that a script runs on can tell it in the
// page's language: `_("…")`.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SAID = /\b_\(\s*("(?:[^"\\\n]|\\.)*")/g;

const texts = {};
for (const face of readdirSync("src").sort()) {
  const said = new Set();
  for (const entry of readdirSync(join("src", face), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
    const source = readFileSync(join(entry.parentPath, entry.name), "utf8");
    for (const [, text] of source.matchAll(SAID)) said.add(JSON.parse(text));
  }
  if (said.size) texts[face] = [...said].sort();
}
mkdirSync("public", { recursive: true });
writeFileSync("public/texts.json", JSON.stringify(texts));
