/**
 * Keeps the till's page, so that it opens without a network. Nothing else passes through here: what
 * the till tells the server, and what it knows of members, is the page's own business.
 */
declare const self: ServiceWorkerGlobalScope;

const KEPT = "fiel-till-1";
const PAGE = "/till/";
/** How long a page is waited for before the kept one is shown. */
const PATIENCE = 2_500;

async function filesOf(page: Response): Promise<string[]> {
  const html = await page.text();
  return [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, file]) => file!);
}

/** The page's letters, which its style names: those of this alphabet. */
async function lettersOf(cache: Cache, files: string[]): Promise<string[]> {
  const letters: string[] = [];
  for (const file of files.filter((each) => each.endsWith(".css"))) {
    const style = (await (await cache.match(file))?.text()) ?? "";
    for (const [, letter] of style.matchAll(/url\(["']?(\/static\/assets\/[^"')]+-latin-wght-normal[^"')]*\.woff2)/g)) letters.push(letter!);
  }
  return letters;
}

/** Keep the page and every file that it names; all of them, or the kept page stays as it was. */
async function keep(page: Response): Promise<void> {
  const cache = await caches.open(KEPT);
  const files = await filesOf(page.clone());
  const missing: string[] = [];
  for (const file of files) if (!(await cache.match(file))) missing.push(file);
  await cache.addAll(missing);
  for (const letter of await lettersOf(cache, files)) if (!(await cache.match(letter))) await cache.add(letter);
  await cache.put(PAGE, page);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    // What no page names any more goes; chunks that are loaded late are kept as they come.
    if (pathname.startsWith("/static/assets/till-") && !files.includes(pathname)) await cache.delete(request);
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const page = await fetch(PAGE, { cache: "no-store", credentials: "same-origin" });
      if (!page.ok) throw new Error(`${page.status}`);
      await keep(page);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(pageOf(event));
  else if (url.pathname.startsWith("/static/") || url.pathname === "/till/manifest.webmanifest") event.respondWith(fileOf(request));
});

/** The page from the server where it answers soon, else the kept one. */
async function pageOf(event: FetchEvent): Promise<Response> {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(PAGE);
  const fresh = fetch(event.request).then((page) => {
    if (page.ok && !page.redirected) event.waitUntil(keep(page.clone()).catch(() => undefined));
    return page;
  });
  if (!kept) return fresh;
  const late = new Promise<Response>((done) => setTimeout(() => done(kept), PATIENCE));
  const answer = await Promise.race([fresh.catch(() => kept), late]);
  return answer.ok ? answer : kept;
}

/** Files whose names change with what is in them are kept for good; others are asked for first. */
async function fileOf(request: Request): Promise<Response> {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request);
  if (kept && new URL(request.url).pathname.startsWith("/static/assets/")) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

export {};
