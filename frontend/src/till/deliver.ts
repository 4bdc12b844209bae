/**
 * Tells the server what the till did: one tab does it for all, in order, each thing once.
 *
 * What gets no answer is sent again as it was, marked as done without a network, for nobody knows
 * whether it arrived; its own id lets the server know it again. What is refused is put aside with
 * the reason, and the next is told.
 */
import { NoAnswer, Refused, ask } from "./api";
import { told } from "./keeping/clock";
import { keepBalances, replaceMember } from "./keeping/members";
import { change, enqueue, forgetOldItems, nextWaiting, onChange } from "./keeping/queue";
import type { CardCharge, Item, Member, Problem, RedemptionAnswer, ReturnAnswer, SaleAnswer } from "./model";
import { onNet } from "./net";
import { _ } from "./texts";

const PAUSES = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export interface Delivering {
  key: () => string | null;
  till: () => string;
  program: () => string;
  /** The server does not know the device any more: nothing is sent until it is let in again. */
  shutOut: () => void;
}

interface Request {
  path: string;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

let wake: () => void = () => undefined;

/** Send now what waits, without waiting for the next try. */
export function deliverNow(): void {
  wake();
}

/** Keep telling what waits, for as long as the page lives and no other tab does. */
export function startDelivering(how: Delivering): void {
  onNet((net) => net !== "off" && wake());
  // Only what is new: what was tried and got no answer waits out its pause.
  onChange((item) => item?.state === "waiting" && item.tries === 0 && wake());
  const forEver = async (): Promise<void> => {
    await forgetOldItems();
    let failed = 0;
    for (;;) {
      const woken = new Promise<void>((done) => (wake = done));
      const went = await deliverAll(how);
      failed = went ? 0 : failed + 1;
      const pause = went ? 60_000 : PAUSES[Math.min(failed, PAUSES.length) - 1]!;
      await Promise.race([woken, new Promise((done) => setTimeout(done, pause))]);
    }
  };
  // Without locks (an old browser) two tabs may both send; the server knows each thing again.
  if (navigator.locks) void navigator.locks.request("fiel-till-delivery", forEver);
  else void forEver();
}

/** Tell everything that waits; false where the server gave no answer. */
async function deliverAll(how: Delivering): Promise<boolean> {
  for (;;) {
    const item = await nextWaiting();
    const key = how.key();
    if (!item || key === null) return true;
    if (item.program !== how.program()) {
      const detail = _("It belongs to another program ({program}), to which this device was connected before.", { program: item.program });
      await refused(item, { status: 0, code: "other_program", detail, facts: {} });
      continue;
    }
    try {
      await deliver(item, key, how.till());
    } catch (error) {
      if (error instanceof NoAnswer) {
        await change(item.seq!, (now) => ({ offline: true, tries: now.tries + 1 }));
        return false;
      }
      if (!(error instanceof Refused)) {
        console.error(error);
        return false;
      }
      if (error.problem.code === "unauthorized") {
        how.shutOut();
        return false;
      }
      await refused(item, error.problem);
    }
  }
}

async function refused(item: Item, problem: Problem): Promise<void> {
  if (problem.code === "cashier_needed" && !item.offline) {
    // The shift has ended since; the mark that is kept for this sends it.
    await change(item.seq!, () => ({ offline: true }));
  } else if (problem.code === "member_exists" && item.kind === "enrol" && typeof problem.facts["member"] === "string") {
    // Somebody has the phone already: that is who is meant, and what follows names her by it.
    await change(item.seq!, () => ({ state: "done", problem, settled_at: Date.now() }));
  } else if (problem.code === "already_used" && item.redemption) {
    await change(item.seq!, () => ({ state: "done", settled_at: Date.now() }));
  } else {
    await giveBack(item);
    await change(item.seq!, () => ({ state: "refused", problem, settled_at: Date.now() }));
  }
}

async function deliver(item: Item, key: string, till: string): Promise<void> {
  const send = <T>(request: Request): Promise<T> => ask<T>(request.path, { ...request, key });
  if (item.redemption) {
    await send(requestOf(item, `/v1/redemptions/${item.redemption}/use`, {}));
    await change(item.seq!, () => ({ state: "done", settled_at: Date.now() }));
    return;
  }
  const mark = item.offline ? { offline: { till, sent_at: told(Date.now(), item.skew) } } : {};
  const at = { occurred_at: told(item.made, item.skew) };
  switch (item.kind) {
    case "enrol": {
      const member = await send<Member>(requestOf(item, "/v1/members", item.body, { "idempotency-key": item.id }));
      await replaceMember(item.id, member);
      await done(item, member);
      return;
    }
    case "sale": {
      await useCoupons(item, send, { ...at, ...mark });
      if (item.cards?.length && !(await chargeCards(item, send))) return;
      const sale = await send<SaleAnswer>(requestOf(item, "/v1/sales", { ...item.body, ...at, ...mark }));
      await keepWhatIsLeft(item, sale);
      await done(item, sale);
      return;
    }
    case "redemption": {
      const made = await send<RedemptionAnswer>(requestOf(item, "/v1/redemptions", { ...item.body, ...at, ...mark }));
      await keepWhatIsLeft(item, made);
      const next = item.hand_over && made.status === "captured";
      await change(item.seq!, () => (next ? { answer: made, redemption: made.id } : { answer: made, state: "done", settled_at: Date.now() }));
      return;
    }
    case "return": {
      const { sale, ...body } = item.body;
      const back = await send<ReturnAnswer>(requestOf(item, sale ? `/v1/sales/${String(sale)}/returns` : "/v1/returns", { ...body, ...at, ...mark }));
      await keepWhatIsLeft(item, back);
      await done(item, back);
      return;
    }
    case "card": {
      const { code, charge, amount } = item.body as Record<"code" | "amount", string> & { charge: object };
      // Asked for again it is certain that it arrived, and can be undone.
      const path = `/v1/gift-cards/${code}`;
      const paid = await send<{ id: string }>(requestOf(item, `${path}/charge`, { ...charge })).catch(unless);
      if (paid) await send(requestOf(item, `${path}/refund`, { external_id: item.id, source: "undone", amount, charge: paid.id }));
      await change(item.seq!, () => ({ state: "done", settled_at: Date.now() }));
    }
  }
}

/** Nothing where the card had refused: then there is nothing to give back. */
function unless(error: unknown): null {
  if (error instanceof Refused && error.problem.code !== "unauthorized" && error.problem.code !== "cashier_needed") return null;
  throw error;
}

function chargeOf(item: Item, card: CardCharge): Record<string, unknown> {
  return { external_id: card.ref, source: item.body["external_id"], amount: card.amount };
}

/** Gift cards pay before the sale is recorded; false where the till has let go of it meanwhile. */
async function chargeCards(item: Item, send: <T>(request: Request) => Promise<T>): Promise<boolean> {
  for (const card of item.cards!) {
    await send(requestOf(item, `/v1/gift-cards/${card.code}/charge`, chargeOf(item, card)));
  }
  const now = await change(item.seq!, (now) => (now.state === "waiting" ? { charged: true } : {}));
  return now?.state === "waiting";
}

/** Let the gift cards of a sale that there is not have back what they paid, each once. */
export async function giveBack(item: Item): Promise<void> {
  for (const card of item.cards ?? []) {
    const about = { member: null, title: _("Given back to the gift card"), sale: item.id };
    const { seq: _seq, cards: _cards, answer: _answer, problem: _problem, approval: _approval, ...rest } = item;
    await enqueue({ ...rest, id: card.ref, kind: "card", body: { code: card.code, amount: card.amount, charge: chargeOf(item, card) }, about, state: "waiting", tries: 0 });
  }
}

/** Coupons are used on the price before they are taken off, for the same cart; again is harmless. */
async function useCoupons(item: Item, send: <T>(request: Request) => Promise<T>, at: object): Promise<void> {
  const { coupons, cart, before_coupons, ...body } = item.body as { coupons?: string[]; cart?: string; before_coupons?: object } & Record<string, unknown>;
  delete item.body["before_coupons"];
  for (const code of coupons ?? []) {
    const sale = { ...body, ...(before_coupons ?? {}), ...at };
    await send(requestOf(item, `/v1/coupons/${encodeURIComponent(code)}/redeem`, { cart, sale }));
  }
}

function requestOf(item: Item, path: string, body: Record<string, unknown>, more: Record<string, string> = {}): Request {
  return {
    path,
    body,
    headers: {
      "fiel-cashier": item.offline ? item.by.kept : item.by.shift,
      ...(item.approval ? { "fiel-approval": item.approval } : {}),
      ...more,
    },
  };
}

async function done(item: Item, answer: NonNullable<Item["answer"]>): Promise<void> {
  await change(item.seq!, () => ({ state: "done", answer, settled_at: Date.now() }));
}

async function keepWhatIsLeft(item: Item, answer: { balances?: SaleAnswer["balances"] }): Promise<void> {
  const member = item.about.member;
  if (member && !member.local && answer.balances) await keepBalances(member.id, answer.balances);
}

/** What became of an item within so many milliseconds; as it stands then, where nothing did. */
export function settled(item: Item, milliseconds: number): Promise<Item> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(item), milliseconds);
    const stop = onChange((changed) => {
      if (changed?.id !== item.id) return;
      item = changed;
      if (changed.state !== "waiting" || changed.tries > 0) finish(changed);
    });
    function finish(as: Item): void {
      clearTimeout(timer);
      stop();
      resolve(as);
    }
  });
}

