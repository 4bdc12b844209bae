/** What a cashier does: each is kept first and told afterwards. */
import { NoAnswer, Refused } from "./api";
import { deliverNow, giveBack, settled } from "./deliver";
import { newId } from "./ids";
import { knownSkew } from "./keeping/clock";
import { keepKnown, keepMember, memberKept, membersLike } from "./keeping/members";
import { allItems, change, enqueue, onChange, pointsWaiting } from "./keeping/queue";
import type { About, Item, Kind, Known, Member, Offer, RedemptionAnswer, SaleAnswer } from "./model";
import { net } from "./net";
import { cardShares, discounts, emptyCart, lineTotals, refOf, saleBody, total, worthOf } from "./sale";
import { askAs } from "./session";
import { decimalOf } from "./money";
import { facts, get, keepCart, say, set } from "./state";
import { _ } from "./texts";

/** How long a cashier waits for the server before the till goes on by itself. */
const PATIENCE = 6_000;

export interface Found {
  id: string;
  name: string;
  hint: string;
  known?: Known;
}

/** Members whom somebody who types this may mean: at the server, else those seen here before. */
export async function find(text: string, signal: AbortSignal): Promise<Found[]> {
  const code = text.startsWith("fiel:") ? text.slice(5) : text;
  if (net() !== "off") {
    try {
      const told = await askAs<{ data: Found[] }>(`/till/members?q=${encodeURIComponent(code)}`, { signal, seconds: 5 });
      return told.data;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
  }
  const kept = await membersLike(text);
  return kept.map((known) => ({ id: known.id, name: known.name, hint: known.phone ? `… ${known.phone.slice(-3)}` : (known.card ?? ""), known }));
}

/** Put a member into the sale, with what can be had now; without a network, what was known. */
export async function choose(found: Found): Promise<void> {
  const known = found.known ?? (await memberKept(found.id));
  if (known) put(known);
  if (known?.local) return;
  try {
    const [member, offers] = await Promise.all([
      askAs<Member>(`/v1/members/${found.id}`),
      askAs<{ data: Offer[] }>(`/v1/rewards?member=${found.id}`),
    ]);
    put(await keepMember(member, offers.data));
  } catch (error) {
    if (error instanceof Refused) say(error.problem.detail, "bad");
    else if (!known) say(_("There is no network, and this till has not seen this member before."), "bad");
  }
}

function put(member: Known | null): void {
  const { cart } = get();
  const same = member && cart.member?.id === member.id;
  set({ cart: { ...cart, member, ...(same ? {} : { points: 0 }) } });
  keepCart();
}

export function leaveMember(): void {
  put(null);
}

export function newSale(): void {
  set({ cart: emptyCart(newId()), quote: null, quoteProblem: "", receipt: null, returning: null, screen: "sell" });
  keepCart();
}

/** Start an item: who does it, when by the device's clock, and whether there is a network. */
export function made(kind: Kind, id: string, body: Record<string, unknown>, about: About): Item {
  const { session } = get();
  if (!session) throw new Error("nobody is signed in");
  return {
    id, kind, body, about,
    program: facts().program.slug,
    by: session.by,
    made: Date.now(),
    skew: knownSkew(),
    offline: net() === "off" || session.offline,
    state: "waiting",
    tries: 0,
  };
}

async function keepAndTell(item: Item): Promise<Item> {
  const kept = await enqueue(item);
  const wait = settled(kept, item.offline ? 0 : PATIENCE);
  deliverNow();
  return wait;
}

export interface NewMember {
  name: string;
  phone: string;
  email: string;
  card: string;
  consents: Record<string, boolean>;
  referred_by: string;
}

/** Enrol somebody: with a network the answer is waited for, without one the till goes on. */
export async function enrol(told: NewMember): Promise<Refused | null> {
  const id = newId();
  const body: Record<string, unknown> = { name: told.name.trim(), consents: told.consents };
  for (const name of ["phone", "email", "card", "referred_by"] as const) if (told[name].trim()) body[name] = told[name].trim();
  const about = { member: { id, name: told.name.trim(), local: true } };
  const item = await keepAndTell(made("enrol", id, body, about));
  if (item.state === "refused" && item.problem) {
    await change(item.seq!, () => ({ state: "dropped" }));
    return new Refused(item.problem);
  }
  if (item.problem?.code === "member_exists") {
    const existing = String(item.problem.facts["member"]);
    say(_("This phone, e-mail or card is a member's already."));
    await choose({ id: existing, name: "", hint: "" });
    return null;
  }
  if (item.state === "done" && item.answer) {
    await choose({ id: (item.answer as Member).id, name: told.name, hint: "" });
    return null;
  }
  const none = Object.fromEntries(facts().program.units.map((unit) => [unit.id, { available: 0, pending: 0, held: 0, debt: 0, lifetime: 0, expiring: [] }]));
  const known: Known = {
    id, name: told.name.trim(), phone: told.phone.trim() || null, email: told.email.trim() || null,
    card: told.card.trim() || null, code: null, tier: null, balances: none, offers: [], seen_at: Date.now(), local: true,
  };
  await keepKnown(known);
  put(known);
  return null;
}

let asking: AbortController | null = null;

/** Ask what the sale would earn, why, and what coupons take off. */
export async function requote(): Promise<void> {
  asking?.abort();
  const { cart } = get();
  if (net() === "off" || total(cart) <= 0n || cart.member?.local) {
    set({ quote: null, quoting: false, quoteProblem: "" });
    return;
  }
  const mine = (asking = new AbortController());
  set({ quoting: true });
  const { signal } = mine;
  const { decimals } = facts().program;
  try {
    const quote = (off: bigint[]): Promise<SaleAnswer> => askAs<SaleAnswer>("/v1/quotes", { body: saleBody(cart, facts(), off), signal });
    let answer = cart.points && cart.coupons.length ? await askAs<SaleAnswer>("/v1/quotes", { body: saleBody({ ...cart, points: 0 }, facts()), signal }) : await quote([]);
    const off = discounts(cart, answer.coupons, decimals);
    if (off.some((each) => each > 0n)) {
      const { coupons } = answer;
      const plain = saleBody({ ...cart, coupons: [] }, facts(), off);
      answer = { ...(await askAs<SaleAnswer>("/v1/quotes", { body: plain, signal })), coupons };
    }
    if (!signal.aborted) set({ quote: { answer, off }, quoting: false, quoteProblem: "" });
  } catch (error) {
    if (signal.aborted) return;
    set({ quote: null, quoting: false, quoteProblem: error instanceof Refused ? reasonOf(error) : "" });
  }
}

/** What a refusal says: of a field, else of the whole. */
export function reasonOf(error: Refused): string {
  const fields = error.problem.errors?.map((each) => each.detail).filter(Boolean) ?? [];
  return fields.length ? [...new Set(fields)].join(" ") : error.problem.detail;
}

/** What gift cards or money pay: after what coupons take off, less what points pay. */
export function due(): bigint {
  const { cart, quote } = get();
  const { pays } = facts();
  const off = quote?.off.reduce((sum, each) => sum + each, 0n) ?? 0n;
  return total(cart) - off - (pays && cart.points ? worthOf(cart.points, pays) : 0n);
}

/** What is to be paid in money. */
export function toPay(): bigint {
  return cardShares(get().cart, due()).reduce((left, share) => left - share, due());
}

/** Record the sale, and show its receipt: as the server answers, or as it waits to be told. */
export async function charge(approvedBy?: string): Promise<Item | null> {
  const { cart } = get();
  const known = facts();
  // What coupons take off is told for this very sale, not for what was typed a moment ago.
  if (cart.coupons.length) do await requote(); while (get().quoting);
  const { quote } = get();
  const off = cart.coupons.length ? (quote?.off ?? []) : [];
  const id = cart.reference || cart.id;
  const body: Record<string, unknown> = { ...saleBody(cart, known, off), external_id: id };
  if (cart.coupons.length) Object.assign(body, { cart: id, before_coupons: { lines: saleBody(cart, known)["lines"] } });
  const totals = lineTotals(cart);
  const shares = cardShares(cart, due());
  const cards = cart.cards.map(({ code }, place) => ({ code, amount: decimalOf(shares[place]!, known.program.decimals), ref: newId() })).filter((_card, place) => shares[place]! > 0n);
  const about: About = {
    member: cart.member && { id: cart.member.id, name: cart.member.name, ...(cart.member.local ? { local: true } : {}) },
    amount: String(total(cart) - off.reduce((sum, each) => sum + each, 0n)),
    ...(cart.points && known.pays ? { points: { [known.pays.unit]: cart.points } } : {}),
    ...(cards.length ? { cards: cards.map(({ code, amount }) => ({ ends: code.slice(-4), amount })) } : {}),
    lines: cart.lines.map((line, place) => ({ name: line.name || line.sku, quantity: line.quantity, amount: String(totals[place]! - (off[place] ?? 0n)) })),
  };
  const started = made("sale", id, body, about);
  Object.assign(started, { cards, charged: false });
  if (approvedBy) started.approval = approvedBy;
  if (cart.coupons.length && !quote) return without(started, get().quoteProblem || _("Coupons need the network."));
  if (cards.length && net() === "off") return without(started);
  const item = await again(started);
  if (cards.length && item.state === "waiting" && !(await isCharged(item))) return without(item);
  if (item.state === "refused") {
    await change(item.seq!, () => ({ state: "dropped", settled_at: Date.now() }));
    return item;
  }
  set({ receipt: item, screen: "receipt", notice: null, cart: emptyCart(newId()), quote: null });
  keepCart();
  return null;
}

/** Whether its gift cards have paid; where that is not known, the sale is let go of and they are given back. */
async function isCharged(item: Item): Promise<boolean> {
  const now = await change(item.seq!, (now) => (now.charged || now.state !== "waiting" ? {} : { state: "dropped" }));
  if (now?.state !== "dropped") return true;
  await giveBack(now);
  return false;
}

/** A sale that was not recorded: gift cards pay, and coupons take off, only with a network. */
function without(item: Item, detail = _("There was no answer from the gift card, and nothing was recorded. Try again when the network is back, or take the card out.")): Item {
  return { ...item, problem: { status: 0, code: "no_answer", detail, facts: {} } };
}

/** Keep and tell; one that was refused before and is tried anew (approved, changed) takes its place. */
async function again(item: Item): Promise<Item> {
  const before = (await allItems()).find((each) => each.id === item.id);
  if (before && (before.state === "refused" || before.state === "dropped")) {
    await change(before.seq!, () => ({ ...item, seq: before.seq!, state: "waiting" }));
    const waiting = settled({ ...item, seq: before.seq! }, PATIENCE);
    deliverNow();
    return waiting;
  }
  return keepAndTell(item);
}

/** What may be redeemed without a network: what is handed over at once, within the till's limit. */
export async function isAllowedOffline(member: Known, offer: { id: string; price: Record<string, number> }): Promise<boolean> {
  const known = facts();
  const fact = known.rewards.find((reward) => reward.id === offer.id);
  if (!fact?.handed_over || !Object.keys(fact.price).length) return false;
  const told = member.offers.find((each) => each.id === offer.id);
  if (told?.blocked_by.some((why) => why !== "insufficient_points")) return false;
  const waiting = await pointsWaiting(member.id);
  return Object.entries(fact.price).every(([unit, points]) => {
    const balance = member.balances[unit];
    const available = (balance?.available ?? 0) - (waiting[unit] ?? 0);
    return points <= available + Math.max(0, (known.overdraw[unit] ?? 0) - (balance?.debt ?? 0));
  });
}

/** Redeem a reward: a coupon goes into the sale, a thing is handed over, a gift card shows its code. */
export async function redeem(offer: Offer, approvedBy?: string): Promise<Item | null> {
  const { cart } = get();
  const { member } = cart;
  if (!member) return null;
  const fact = facts().rewards.find((reward) => reward.id === offer.id);
  const id = newId();
  const store = facts().device.store;
  const body = { external_id: id, member: refOf(member), reward: offer.id, capture: true, ...(store ? { store } : {}) };
  const about: About = { member: { id: member.id, name: member.name, ...(member.local ? { local: true } : {}) }, points: offer.price, title: offer.name };
  const started = made("redemption", id, body, about);
  started.hand_over = fact?.handed_over ?? false;
  if (approvedBy) started.approval = approvedBy;
  const item = await keepAndTell(started);
  if (item.state === "refused") {
    await change(item.seq!, () => ({ state: "dropped" }));
    return item;
  }
  if (item.answer) await granted(item, offer, member);
  else {
    say(started.hand_over ? _("Kept: it will be told when the network is back. Hand it over.") : _("Kept on this till. It is told when the network is back."), "good");
    set({ cart: { ...get().cart } });
    // What is not handed over at once is worth nothing without its code: that goes into this sale however late it comes.
    const stop = onChange((now) => {
      if (now?.id !== id || now.state === "waiting") return;
      stop();
      if (now.answer && !now.hand_over && get().cart.id === cart.id) void granted(now, offer, member);
    });
  }
  return null;
}

/** What a reward means at the counter once the server has granted it, or wants a manager to. */
async function granted(item: Item, offer: Offer, member: Known): Promise<void> {
  const answer = item.answer as RedemptionAnswer;
  if (answer.status === "queued") say(_("A manager has to look at this: nothing was taken yet."), "bad");
  else if (answer.code_kind === "coupon" && answer.code) {
    set({ cart: { ...get().cart, coupons: [...get().cart.coupons, answer.code] } });
    say(_("{reward}: it is taken off this sale.", { reward: offer.name }), "good");
  } else if (answer.code && !item.hand_over) say(_("{reward}: code {code}", { reward: offer.name, code: answer.code }), "good");
  else say(_("{reward}: hand it over.", { reward: offer.name }), "good");
  keepCart();
  await choose({ id: member.id, name: member.name, hint: "" });
}

export interface GivenBack {
  /** What the till calls the sale, or the server, where it told of it. */
  sale: string;
  id?: string;
  full?: boolean;
  amount?: string;
  lines?: { line: number; quantity: string }[];
  reason: string;
}

/** Take goods back. */
export async function takeBack(told: GivenBack, about: About, approvedBy?: string): Promise<Item> {
  const id = newId();
  const body: Record<string, unknown> = { external_id: id, ...(told.id ? { sale: told.id } : { sale_external_id: told.sale }) };
  if (told.full) body["full"] = true;
  else if (told.lines) body["lines"] = told.lines;
  else body["amount"] = told.amount;
  if (told.reason) body["reason"] = told.reason;
  const started = made("return", id, body, about);
  if (approvedBy) started.approval = approvedBy;
  const item = await keepAndTell(started);
  if (item.state === "refused") await change(item.seq!, () => ({ state: "dropped" }));
  return item;
}

/** Try anew what was refused: as it was, or changed. */
export async function tryAgain(item: Item, changes: Partial<Item> = {}): Promise<void> {
  // What gift cards had paid went back: they pay anew.
  const cards = (changes.cards ?? item.cards ?? []).map((card) => ({ ...card, ref: newId() }));
  await change(item.seq!, () => ({ ...changes, cards, charged: false, state: "waiting", tries: 0 }));
  deliverNow();
}

/** Let go of what was refused: the cashier has seen it, and nothing more is to be told of it. */
export async function letGo(item: Item): Promise<void> {
  await change(item.seq!, () => ({ state: "dropped", settled_at: Date.now() }));
}

export async function reloadItems(): Promise<void> {
  set({ items: await allItems() });
}
