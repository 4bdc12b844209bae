/** Letting the device in, and cashiers to it. */
import { NoAnswer, Refused, ask } from "./api";
import { setSkew } from "./keeping/clock";
import { forget, read, write, type KeptCashier } from "./keeping/database";
import { forgetAllMembers } from "./keeping/members";
import { keepCashier, keepOnly, openWithPin } from "./keeping/pins";
import type { CashierFact, Facts } from "./model";
import { net } from "./net";
import { get, keepFacts, keptFacts, set, type Session } from "./state";
import { _ } from "./texts";

/** What is known of this device from before, and whether somebody is still signed in. */
export async function remember(): Promise<void> {
  const key = (await read<string>("key")) ?? null;
  const facts = (await keptFacts()) ?? null;
  setSkew((await read<number>("skew")) ?? 0);
  const session = (await read<Session>("session")) ?? null;
  const lasts = session && new Date(session.ends_at).getTime() > Date.now();
  set({ key, facts, session: lasts ? session : null, ready: true });
}

/** Keep what the server told of the program, of who works here, and of the time. */
export async function learn(facts: Facts, at: number): Promise<void> {
  const skew = new Date(facts.now).getTime() - at;
  setSkew(skew);
  await write("skew", Math.abs(skew) < 2_000 ? 0 : skew);
  await keepFacts(facts);
  await keepOnly(new Set(facts.cashiers.map((cashier) => cashier.id)));
}

/** Ask for what may have changed: the program, who works here, what time it is. */
export async function refreshFacts(): Promise<void> {
  const { key } = get();
  if (key === null || net() === "off") return;
  const before = Date.now();
  try {
    const facts = await ask<Facts>("/till/facts", { key });
    await learn(facts, before + (Date.now() - before) / 2);
  } catch (error) {
    if (error instanceof Refused && error.problem.code === "unauthorized") await shutOut();
    else if (!(error instanceof NoAnswer) && !(error instanceof Refused)) throw error;
  }
}

/** The device was shut out: nobody's data stays, and what waits is kept until it is let in again. */
export async function shutOut(): Promise<void> {
  await forgetAllMembers();
  await forget("session");
  set({ shutOut: true, session: null });
}

export class PinRefused extends Error {}

/** Sign a cashier in: by the server, else by what this device keeps of an earlier time. */
export async function signIn(cashier: CashierFact, pin: string): Promise<void> {
  try {
    const kept = await signInAtServer(cashier, pin);
    await begin(kept, false);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const opened = await openWithPin(cashier.id, pin);
    if (opened === "stranger") throw new PinRefused(_("There is no network, and {name} has not signed in on this till before.", { name: cashier.name }));
    if ("locked" in opened) throw new PinRefused(_("Too many wrong PINs. Try again in {minutes} min.", { minutes: opened.locked }));
    if ("left" in opened) throw new PinRefused(wrong(opened.left));
    await begin(opened.kept, true);
  }
}

export function wrong(left: number): string {
  return _("That is not the PIN. Tries left: {left}", { left });
}

async function signInAtServer(cashier: CashierFact, pin: string): Promise<KeptCashier> {
  const { key } = get();
  const told = await ask<{ cashier: CashierFact; shift: string; ends_at: string; kept: string }>("/till/sign-in", {
    key,
    body: { cashier: cashier.id, pin },
    seconds: 6,
  });
  return keepCashier({ ...told.cashier, shift: told.shift, ends_at: told.ends_at, kept: told.kept }, pin);
}

async function begin(kept: KeptCashier, offline: boolean): Promise<void> {
  // A shift that has not ended works on when the network is back; else the PIN is asked for then.
  const over = offline && new Date(kept.ends_at).getTime() < Date.now();
  const ends = over ? new Date(Date.now() + 14 * 3_600_000).toISOString() : kept.ends_at;
  const session: Session = {
    cashier: { id: kept.id, name: kept.name, may_approve: kept.may_approve },
    by: { id: kept.id, name: kept.name, shift: kept.shift, kept: kept.kept },
    ends_at: ends,
    offline: over,
  };
  await write("session", session);
  set({ session });
}

/** Leave the till: whoever comes next types a PIN. What was typed of a sale stays. */
export async function lock(): Promise<void> {
  await forget("session");
  set({ session: null });
}

/** Somebody who may approve lets the next thing go beyond the cashier's limit. */
export async function approval(approver: CashierFact, pin: string): Promise<string> {
  const told = await ask<{ approval: string }>("/till/approve", {
    key: get().key,
    body: { cashier: approver.id, pin },
    seconds: 8,
  });
  return told.approval;
}

/** Ask the API as whoever stands here; a shift that is over asks for the PIN, and keeps the sale. */
export async function askAs<T>(path: string, asked: { method?: "POST" | "PATCH"; body?: unknown; signal?: AbortSignal; seconds?: number; once?: string } = {}): Promise<T> {
  const { key, session } = get();
  const once = asked.once ? { "idempotency-key": asked.once } : {};
  try {
    return await ask<T>(path, { ...asked, key, headers: { "fiel-cashier": session?.by.shift ?? "", ...once } });
  } catch (error) {
    if (error instanceof Refused) {
      if (error.problem.code === "cashier_needed" && get().session === session) await lock();
      if (error.problem.code === "unauthorized") await shutOut();
    }
    throw error;
  }
}

