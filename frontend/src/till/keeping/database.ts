/** What the till keeps on the device: who it is, whom it has seen, what waits to be told. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Item, Known } from "../model";

/** A cashier who has signed in here before, and may without a network. */
export interface KeptCashier {
  id: string;
  name: string;
  may_approve: boolean;
  salt: Uint8Array<ArrayBuffer>;
  hash: Uint8Array<ArrayBuffer>;
  shift: string;
  ends_at: string;
  kept: string;
}

interface Kept extends DBSchema {
  facts: { key: string; value: unknown };
  cashiers: { key: string; value: KeptCashier };
  members: { key: string; value: Known; indexes: { seen: number } };
  queue: { key: number; value: Item; indexes: { state: string; id: string } };
}

export type Database = IDBPDatabase<Kept>;

let opened: Promise<Database> | undefined;

/** The device's own database, opened once. */
export function database(): Promise<Database> {
  opened ??= openDB<Kept>("fiel-till", 1, {
    upgrade(made) {
      made.createObjectStore("facts");
      made.createObjectStore("cashiers", { keyPath: "id" });
      made.createObjectStore("members", { keyPath: "id" }).createIndex("seen", "seen_at");
      const queue = made.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
      queue.createIndex("state", "state");
      queue.createIndex("id", "id", { unique: true });
    },
    blocking(_now, _wanted, event) {
      (event.target as IDBDatabase).close();
    },
  });
  return opened;
}

/** Ask the browser to keep what is here when space gets short. */
export function keepForGood(): void {
  void navigator.storage?.persist?.();
}

export async function read<T>(name: string): Promise<T | undefined> {
  return (await (await database()).get("facts", name)) as T | undefined;
}

export async function write(name: string, value: unknown): Promise<void> {
  await (await database()).put("facts", value, name);
}

export async function forget(name: string): Promise<void> {
  await (await database()).delete("facts", name);
}
