/** Letting this device in: it needs the network, and is loaded only then. */
import { ask } from "./api";
import { forget, keepForGood, write } from "./keeping/database";
import { forgetAllMembers } from "./keeping/members";
import { keepOnly } from "./keeping/pins";
import { waitingItems } from "./keeping/queue";
import type { Facts } from "./model";
import { learn } from "./session";
import { get, set } from "./state";

/** What was done here has not been told yet; another till must not take its place. */
export class StillWaiting extends Error {}

/** Let this device in by the code that the console shows. */
export async function pairDevice(code: string): Promise<void> {
  const before = get();
  if (before.key !== null && !before.shutOut && (await waitingItems()).length) throw new StillWaiting();
  const told = await ask<{ key: string; facts: Facts }>("/till/pair", { body: { code: code.trim() }, key: null });
  // What the device knows of another merchant's members and cashiers is nobody's business here.
  if (before.facts && before.facts.program.slug !== told.facts.program.slug) {
    await forgetAllMembers();
    await keepOnly(new Set());
  }
  await write("key", told.key);
  await learn(told.facts, Date.now());
  keepForGood();
  await forget("session");
  set({ key: told.key, session: null, shutOut: false });
}
