/**
 * A sale handed over by the merchant's own till software: in the address, or by a message from the
 * page that opened this one. It fills the sale in; the cashier looks and records it.
 *
 *   /till/#sale?total=12.50&ref=T-1001&member=+34600111222
 *   till.postMessage({ type: "fiel.sale", sale: { total: "12.50", ref: "T-1001", lines: [...] } }, origin)
 *
 * A message counts only from the origin that the console names. What became of the sale goes back
 * to it: { type: "fiel.recorded", ref, sale, status }.
 */
import { newId } from "./ids";
import { onChange } from "./keeping/queue";
import { minorOf } from "./money";
import { emptyCart, type CartLine } from "./sale";
import { facts, get, keepCart, say, set } from "./state";
import { _ } from "./texts";

interface Handed {
  total?: string;
  ref?: string;
  member?: string;
  lines?: { name?: string; sku?: string; category?: string; quantity?: string | number; price: string }[];
}

const MONEY = /^\d{1,9}(\.\d{1,6})?$/;
const QUANTITY = /^\d{1,6}(\.\d{1,3})?$/;
let sender: { window: Window; origin: string; ref: string } | null = null;

function fill(handed: Handed): boolean {
  const { decimals } = facts().program;
  const lines: CartLine[] = [];
  for (const line of handed.lines ?? []) {
    const quantity = String(line.quantity ?? "1");
    if (!MONEY.test(String(line.price)) || !QUANTITY.test(quantity)) return false;
    lines.push({ name: String(line.name ?? "").slice(0, 200), sku: String(line.sku ?? "").slice(0, 100), category: String(line.category ?? "").slice(0, 100), quantity, price: minorOf(String(line.price), decimals) });
  }
  const total = String(handed.total ?? "");
  if (!lines.length && !MONEY.test(total)) return false;
  const cart = { ...emptyCart(newId()), lines, amount: lines.length ? null : minorOf(total, decimals), reference: String(handed.ref ?? "").slice(0, 100) };
  set({ cart, quote: null, receipt: null, screen: "sell" });
  keepCart();
  if (handed.member) setTimeout(() => dispatchEvent(new CustomEvent("till:scanned", { detail: String(handed.member) })), 300);
  return true;
}

/** A sale in the page's address; it is taken out of it, so that a reload does not bring it again. */
export function takeFromAddress(): void {
  const match = /^#sale\?(.*)$/.exec(location.hash);
  if (!match || !get().facts) return;
  const told = new URLSearchParams(match[1]);
  history.replaceState(null, "", location.pathname);
  const handed: Handed = {};
  for (const name of ["total", "ref", "member"] as const) if (told.get(name)) handed[name] = told.get(name)!;
  if (told.get("lines")) {
    try {
      handed.lines = JSON.parse(told.get("lines")!) as NonNullable<Handed["lines"]>;
    } catch {
      handed.lines = [];
    }
  }
  if (!fill(handed)) say(_("The sale that was handed over could not be read."), "bad");
}

export function listenForSales(): void {
  addEventListener("hashchange", takeFromAddress);
  addEventListener("message", (event: MessageEvent<{ type?: string; sale?: Handed }>) => {
    const wanted = get().facts?.settings.sender;
    if (!wanted || event.origin !== wanted || event.data?.type !== "fiel.sale" || !event.data.sale) return;
    const ok = fill(event.data.sale);
    const ref = String(event.data.sale.ref ?? get().cart.id);
    const window = event.source as Window;
    if (ok) sender = { window, origin: event.origin, ref: event.data.sale.ref ? ref : get().cart.id };
    window.postMessage({ type: ok ? "fiel.received" : "fiel.refused", ref }, event.origin);
  });
  onChange((item) => {
    if (!sender || item?.kind !== "sale" || item.id !== sender.ref || item.state === "dropped") return;
    sender.window.postMessage({ type: "fiel.recorded", ref: sender.ref, status: item.state, sale: item.answer ?? null }, sender.origin);
    if (item.state !== "waiting") sender = null;
  });
  if (opener) (opener as Window).postMessage({ type: "fiel.ready" }, get().facts?.settings.sender || location.origin);
}
