/** Whether the server can be reached: learnt from requests, and asked again while it cannot. */
const ASK_AGAIN = 8_000;

export type Net = "on" | "slow" | "off";

let now: Net = navigator.onLine ? "on" : "off";
let asking = false;
const listeners = new Set<(net: Net) => void>();

export function net(): Net {
  return now;
}

export function onNet(listener: (net: Net) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(what: Net): void {
  if (what === now) return;
  now = what;
  for (const listener of listeners) listener(now);
}

/** A request was answered: whether that took long says whether the network is slow. */
export function answered(milliseconds: number): void {
  become(milliseconds > 2_500 ? "slow" : "on");
}

/** A request got no answer; from now on the server is asked for until it answers. */
export function unanswered(): void {
  become("off");
  void ask();
}

async function ask(): Promise<void> {
  if (asking) return;
  asking = true;
  while (now === "off") {
    await new Promise((done) => setTimeout(done, ASK_AGAIN));
    if (now === "off") await look();
  }
  asking = false;
}

/** Look whether the server is there. */
export async function look(): Promise<void> {
  const before = performance.now();
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5_000) });
    if (answer.ok) answered(performance.now() - before);
    else become("off");
  } catch {
    become("off");
  }
}

addEventListener("online", () => void look());
addEventListener("offline", () => unanswered());
if (now === "off") void ask();
