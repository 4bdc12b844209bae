/**
 * The queue: whatever is done is kept here first and told afterwards, in order, once.
 *
 * An item is changed in one transaction of IndexedDB, so that a page that is closed in the middle
 * leaves it as it was or as it is to be.
 */
import type { Item } from "../model";
import { database } from "./database";

const KEPT_DAYS = 7;

/** Other tabs of this device, told that something changed. */
const tabs = new BroadcastChannel("fiel-till-queue");
const listeners = new Set<(item: Item | null) => void>();
tabs.addEventListener("message", (event: MessageEvent<Item | null>) => tell(event.data));

function tell(item: Item | null): void {
  for (const listener of listeners) listener(item);
}

function changed(item: Item): void {
  tell(item);
  tabs.postMessage(item);
}

/** Hear of every change of an item, in this tab or another; returns what stops it. */
export function onChange(listener: (item: Item | null) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Keep something to be told; the same id again changes nothing. */
export async function enqueue(item: Item): Promise<Item> {
  const store = (await database()).transaction("queue", "readwrite");
  const there = await store.store.index("id").get(item.id);
  if (!there) item.seq = await store.store.add(item);
  await store.done;
  if (!there) changed(item);
  return there ?? item;
}

/** What is to be told next: what has waited longest. */
export async function nextWaiting(): Promise<Item | undefined> {
  const cursor = await (await database()).transaction("queue").store.index("state").openCursor("waiting");
  return cursor?.value;
}

/** Change an item as it stands now; null where it is gone. */
export async function change(seq: number, by: (item: Item) => Partial<Item>): Promise<Item | null> {
  const store = (await database()).transaction("queue", "readwrite");
  const item = await store.store.get(seq);
  if (item) {
    Object.assign(item, by(item));
    await store.store.put(item);
  }
  await store.done;
  if (item) changed(item);
  return item ?? null;
}

export async function itemOf(id: string): Promise<Item | undefined> {
  return (await database()).getFromIndex("queue", "id", id);
}

/** All that is kept, newest first. */
export async function allItems(): Promise<Item[]> {
  return (await (await database()).getAll("queue")).reverse();
}

export async function waitingItems(): Promise<Item[]> {
  return (await database()).getAllFromIndex("queue", "state", "waiting");
}

/** Drop what was settled days ago; what waits, or was refused and nobody looked at, stays. */
export async function forgetOldItems(): Promise<void> {
  const before = Date.now() - KEPT_DAYS * 86_400_000;
  const store = (await database()).transaction("queue", "readwrite");
  for await (const cursor of store.store) {
    const { state, settled_at } = cursor.value;
    if ((state === "done" || state === "dropped") && (settled_at ?? 0) < before) await cursor.delete();
  }
  await store.done;
}

/** Points that wait to be taken from a member, by unit: redeemed here and not told yet. */
export async function pointsWaiting(memberId: string): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const item of await waitingItems()) {
    if (item.about.member?.id !== memberId) continue;
    const taken = item.kind === "redemption" || item.kind === "sale" ? (item.about.points ?? {}) : {};
    for (const [unit, points] of Object.entries(taken)) sums[unit] = (sums[unit] ?? 0) + points;
  }
  return sums;
}
