/** A sale while it is being made: what it comes to, and how the API is told of it. */
import { apart, decimalOf, halfUp, minorOf, times } from "./money";
import type { Facts, Known, Pays, UsedCoupon } from "./model";

export interface CartLine {
  name: string;
  sku: string;
  category: string;
  quantity: string;
  /** With tax, for one, in minor units. */
  price: bigint;
}

export interface Cart {
  id: string;
  member: Known | null;
  /** What a person typed as the whole; null where lines say it. */
  amount: bigint | null;
  lines: CartLine[];
  coupons: string[];
  points: number;
  /** Gift cards that pay, each at most so much. */
  cards: { code: string; most: bigint }[];
  /** The name under which the merchant's own software knows the sale. */
  reference: string;
}

export function emptyCart(id: string): Cart {
  return { id, member: null, amount: null, lines: [], coupons: [], points: 0, cards: [], reference: "" };
}

export function isEmpty(cart: Cart): boolean {
  return !cart.member && !cart.amount && !cart.lines.length && !cart.coupons.length && !cart.cards.length && !cart.reference;
}

/** What each line comes to, with tax. */
export function lineTotals(cart: Cart): bigint[] {
  return cart.lines.length ? cart.lines.map((line) => times(line.price, line.quantity)) : [cart.amount ?? 0n];
}

export function total(cart: Cart): bigint {
  return lineTotals(cart).reduce((sum, each) => sum + each, 0n);
}

/** What coupons take off each line, as a quote told it. */
export function discounts(cart: Cart, coupons: UsedCoupon[], decimals: number): bigint[] {
  const off = lineTotals(cart).map(() => 0n);
  for (const coupon of coupons) {
    for (const { line, discount } of coupon.lines) {
      if (off[line - 1] !== undefined) off[line - 1]! += minorOf(discount, decimals);
    }
  }
  return off;
}

/** What points are worth, in minor units; less than one unit of money is nothing. */
export function worthOf(points: number, pays: Pays): bigint {
  return (BigInt(points) * BigInt(pays.worth[0])) / BigInt(pays.worth[1]);
}

/** The most points that may pay: what there is, within the share of the sale, in whole steps. */
export function mostPoints(toPay: bigint, available: number, pays: Pays): number {
  const share = minorOf(pays.max_share, 2);
  const money = (toPay * share) / 10_000n;
  const most = Number((money * BigInt(pays.worth[1])) / BigInt(pays.worth[0]));
  const within = Math.min(most, Math.max(available, 0));
  const whole = within - (within % pays.step);
  return whole >= pays.min ? whole : 0;
}

/** The fewest points that pay an amount, in whole steps. */
export function pointsFor(amount: bigint, pays: Pays): number {
  const points = Number((amount * BigInt(pays.worth[1]) + BigInt(pays.worth[0]) - 1n) / BigInt(pays.worth[0]));
  return Math.ceil(points / pays.step) * pays.step;
}

/** What each gift card pays of an amount, one after the other. */
export function cardShares(cart: Cart, due: bigint): bigint[] {
  return cart.cards.map(({ most }) => {
    const share = most < due ? most : due;
    due -= share;
    return share;
  });
}

/** How the API is told who the member is: one who was enrolled here, by what was told of her. */
export function refOf(member: Known): unknown {
  if (!member.local) return member.id;
  if (member.phone) return { phone: member.phone };
  return member.email ? { email: member.email } : { card: member.card };
}

function lineBody(line: CartLine | null, gross: bigint, off: bigint, facts: Facts): Record<string, unknown> {
  const { decimals } = facts.program;
  const full = apart(gross, facts.settings.tax_percent);
  const rest = apart(gross - off, facts.settings.tax_percent);
  const quantity = line?.quantity ?? "1";
  return {
    ...(line?.sku ? { sku: line.sku } : {}),
    ...(line?.name ? { name: line.name } : {}),
    ...(line?.category ? { category: line.category } : {}),
    quantity,
    unit_price: unitPrice(full.net, quantity, decimals),
    discount: decimalOf(full.net - rest.net, decimals),
    tax: decimalOf(rest.tax, decimals),
  };
}

/** A price before tax for one, fine enough that the line comes to what it does. */
function unitPrice(net: bigint, quantity: string, decimals: number): string {
  const [whole = "0", part = ""] = quantity.split(".");
  const scaled = net * 10n ** BigInt(6 - decimals + part.length);
  return decimalOf(halfUp(scaled, BigInt(whole + part)), 6);
}

/** The body of a sale; `off` is what is taken off each line already. */
export function saleBody(cart: Cart, facts: Facts, off: bigint[] = []): Record<string, unknown> {
  const totals = lineTotals(cart);
  const lines = totals.map((gross, place) => lineBody(cart.lines[place] ?? null, gross, off[place] ?? 0n, facts));
  return {
    lines,
    channel: "pos",
    ...(facts.device.store ? { store: facts.device.store } : {}),
    ...(cart.member ? { member: refOf(cart.member) } : {}),
    ...(cart.coupons.length ? { coupons: cart.coupons } : {}),
    ...(cart.points && facts.pays ? { points_payment: { unit: facts.pays.unit, points: cart.points } } : {}),
  };
}
