// Gathers what the build carries along: the icons that templates and code name, and no others:
// {% icon "users" %}, icon("users"), icon: "users", icon="users"; and the letters of what is printed.
import { copyFileSync, readdirSync, readFileSync, mkdirSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";

const WEB = "../src/fiel/web";
const NAMED = /(?:\{%\s*(?:icon|empty_state)\s+|\bicon\(\s*|\bicon["']?\s*[:=]\s*)["']([a-z0-9-]+)["']/g;
const OUTLINE = "node_modules/@tabler/icons/icons/outline";
const BESIDES = ["chevron-right", "chevron-down", "check", "alert-triangle", "info-circle", "x"];

const names = new Set(BESIDES);
for (const root of [WEB, "src", "../src/fiel/staff"]) {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(html|py|ts|tsx)$/.test(entry.name)) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    for (const [, name] of text.matchAll(NAMED)) names.add(name);
  }
}

const icons = {};
for (const name of [...names].sort()) {
  const file = join(OUTLINE, `${name}.svg`);
  if (!existsSync(file)) {
    console.warn(`no icon is called ${name}`);
    continue;
  }
  const svg = readFileSync(file, "utf8");
  icons[name] = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/\s*\n\s*/g, "");
}
mkdirSync("public", { recursive: true });
writeFileSync("public/icons.json", JSON.stringify(icons));

// The same letters for what is printed: posters and rules are drawn by Python.
mkdirSync("public/fonts", { recursive: true });
for (const weight of [400, 600, 800]) {
  const name = `inter-latin-${weight}-normal.woff`;
  copyFileSync(join("node_modules/@fontsource/inter/files", name), join("public/fonts", name));
}
