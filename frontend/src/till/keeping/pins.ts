/**
 * PINs without a network: whoever signed in here before may again, against a slow hash that only
 * this device keeps. It opens what this device does by itself; the server never sees it.
 */
import { database, read, write, type KeptCashier } from "./database";

const ROUNDS = 310_000;
const TRIES = 5;
const LOCKED_MINUTES = 5;

interface Tried {
  tries: number;
  locked_until: number;
}

async function hashOf(pin: string, salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
  return new Uint8Array(bits);
}

/** Remember a cashier who has just signed in, so that she can without a network too. */
export async function keepCashier(told: Omit<KeptCashier, "salt" | "hash">, pin: string): Promise<KeptCashier> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const kept = { ...told, salt, hash: await hashOf(pin, salt) };
  await (await database()).put("cashiers", kept);
  await write("pin-tries", { tries: 0, locked_until: 0 } satisfies Tried);
  return kept;
}

export async function cashiersKept(): Promise<KeptCashier[]> {
  return (await database()).getAll("cashiers");
}

export async function cashierKept(id: string): Promise<KeptCashier | undefined> {
  return (await database()).get("cashiers", id);
}

export type Opened = { kept: KeptCashier } | { left: number } | { locked: number } | "stranger";

/** Try a PIN against what is kept here. */
export async function openWithPin(id: string, pin: string): Promise<Opened> {
  const tried = (await read<Tried>("pin-tries")) ?? { tries: 0, locked_until: 0 };
  if (tried.locked_until > Date.now()) return { locked: Math.ceil((tried.locked_until - Date.now()) / 60_000) };
  const kept = await cashierKept(id);
  if (!kept) return "stranger";
  const hash = await hashOf(pin, kept.salt);
  let differs = 0;
  hash.forEach((byte, place) => (differs |= byte ^ kept.hash[place]!));
  if (!differs) {
    await write("pin-tries", { tries: 0, locked_until: 0 });
    return { kept };
  }
  const left = TRIES - tried.tries - 1;
  await write("pin-tries", left > 0 ? { tries: tried.tries + 1, locked_until: 0 } : { tries: 0, locked_until: Date.now() + LOCKED_MINUTES * 60_000 });
  return left > 0 ? { left } : { locked: LOCKED_MINUTES };
}

/** Forget cashiers who do not work here any more. */
export async function keepOnly(ids: Set<string>): Promise<void> {
  const store = await database();
  for (const kept of await store.getAll("cashiers")) if (!ids.has(kept.id)) await store.delete("cashiers", kept.id);
}
