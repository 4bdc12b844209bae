import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

// One entry for each face; a page asks for those it needs ({% asset "console" %}).
const faces = ["console", "charts", "account", "till", "portal", "plain", "designer"];
const workers = { "till-worker": "src/till/worker.ts", "portal-worker": "src/portal/worker.ts" };

const entries: Record<string, string> = {};
for (const face of faces) {
  const place = `src/${face}/main.ts`;
  if (existsSync(resolve(__dirname, place))) entries[face] = place;
}
for (const [name, place] of Object.entries(workers)) {
  if (existsSync(resolve(__dirname, place))) entries[name] = place;
}

// An icon that a script imports (`….svg?raw`) comes without its frame and what is said about it.
const leanIcons: Plugin = {
  name: "lean-icons",
  enforce: "pre",
  load(id) {
    if (!id.endsWith(".svg?raw")) return null;
    const svg = readFileSync(id.slice(0, -"?raw".length), "utf8");
    const inside = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `export default ${JSON.stringify(inside.replace(/\s*\n\s*/g, ""))}`;
  },
};

export default defineConfig({
  base: "/static/",
  plugins: [leanIcons],
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    outDir: "../src/fiel/web/built",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    cssCodeSplit: true,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: entries,
      output: {
        // A service worker has one address for ever; whoever serves it reads it by this name.
        entryFileNames: (chunk) =>
          chunk.name.endsWith("-worker") ? "[name].js" : "assets/[name]-[hash].js",
      },
    },
  },
});
