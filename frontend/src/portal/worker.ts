// Keeps the member's card at hand where there is no network. Whoever serves this script fills in
// the program's address, the files that the pages need, and a version that changes with them.
/// <reference lib="webworker" />
export {};

const worker = self as unknown as ServiceWorkerGlobalScope;
const SCOPE = "__SCOPE__" as string;
const FILES = "__FILES__" as unknown as string[];
const CARD = `${SCOPE}card/`;
// Two programs on one server keep apart what they keep.
const KEPT = `fiel-member ${SCOPE} `;
const SHELL = `${KEPT}${"__VERSION__" as string}`;
const PERSONAL = `${KEPT}card`;
const LEAVING = ["sign-out/", "me/leave/", "me/devices/end/"].map((path) => SCOPE + path);

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.addAll(FILES))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith(KEPT) && name !== SHELL && name !== PERSONAL)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => worker.clients.claim()),
  );
});

worker.addEventListener("message", (event) => {
  if (event.data === "keep-card") event.waitUntil(keepCard());
});

worker.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== worker.location.origin) return;
  if (request.method === "POST" && LEAVING.includes(url.pathname)) {
    event.respondWith(leave(request));
  } else if (request.method === "GET" && request.mode === "navigate" && url.pathname.startsWith(SCOPE)) {
    event.respondWith(page(request, url));
  } else if (request.method === "GET" && FILES.includes(url.pathname)) {
    event.respondWith(file(request));
  } else if (request.method === "GET" && url.pathname === `${SCOPE}logo`) {
    event.respondWith(picture(request));
  }
});

/** A page comes from the network; without one the card does, whatever was asked for. */
async function page(request: Request, url: URL): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (url.pathname === CARD && answer.ok && !answer.redirected) {
      const copy = answer.clone();
      void caches.open(PERSONAL).then((cache) => cache.put(CARD, copy));
    }
    return answer;
  } catch (failure) {
    const kept = await caches.match(CARD, { cacheName: PERSONAL });
    if (kept) return kept;
    throw failure;
  }
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: SHELL })) ?? fetch(request);
}

async function picture(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      const copy = answer.clone();
      void caches.open(PERSONAL).then((cache) => cache.put(request, copy));
    }
    return answer;
  } catch (failure) {
    const kept = await caches.match(request, { cacheName: PERSONAL, ignoreSearch: true });
    if (kept) return kept;
    throw failure;
  }
}

/** Whoever signs out leaves nothing on the device. */
async function leave(request: Request): Promise<Response> {
  const answer = await fetch(request);
  await caches.delete(PERSONAL);
  return answer;
}

async function keepCard(): Promise<void> {
  const answer = await fetch(CARD, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(PERSONAL);
  await cache.put(CARD, answer);
}
