/** What the page shows, and what tells it that something changed. */
import { useEffect, useState } from "preact/hooks";
import { read, write } from "./keeping/database";
import { newId } from "./ids";
import type { By, CashierFact, Facts, FoundSale, Item, SaleAnswer, SetAside } from "./model";
import { net, type Net } from "./net";
import { emptyCart, type Cart } from "./sale";

export type Screen = "sell" | "receipt" | "today" | "waiting" | "return";

export interface Session {
  cashier: CashierFact;
  by: By;
  ends_at: string;
  /** Opened by what this device keeps; the server has not seen the PIN. */
  offline: boolean;
}

export interface Quote {
  answer: SaleAnswer;
  off: bigint[];
}

export interface State {
  ready: boolean;
  key: string | null;
  facts: Facts | null;
  session: Session | null;
  shutOut: boolean;
  /** The page was opened with a code that lets the device in. */
  entering: boolean;
  net: Net;
  screen: Screen;
  cart: Cart;
  quote: Quote | null;
  quoting: boolean;
  quoteProblem: string;
  receipt: Item | null;
  returning: Returning | null;
  claim: Claim | null;
  /** The code of a gift card that is looked at. */
  card: string | null;
  items: Item[];
  notice: Notice | null;
}

export interface Returning {
  /** The number of a receipt that was read. */
  wanted?: string;
  item?: Item;
  sale?: FoundSale;
}

/** What a member's phone showed: a redemption, or the code of one that is not known yet. */
export interface Claim {
  /** Sent along with what is asked of it, so that it counts once. */
  key: string;
  code?: string;
  told?: SetAside;
  who?: string;
  done?: boolean;
}

export interface Notice {
  text: string;
  tone: "good" | "bad" | "plain";
}

let state: State = {
  ready: false,
  key: null,
  facts: null,
  session: null,
  shutOut: false,
  entering: false,
  net: net(),
  screen: "sell",
  cart: emptyCart(newId()),
  quote: null,
  quoting: false,
  quoteProblem: "",
  receipt: null,
  returning: null,
  claim: null,
  card: null,
  items: [],
  notice: null,
};
const listeners = new Set<() => void>();

export function get(): State {
  return state;
}

export function set(changes: Partial<State>): void {
  state = { ...state, ...changes };
  for (const listener of listeners) listener();
}

/** The state, drawn anew whenever it changes. */
export function useTill(): State {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = (): void => draw((times) => times + 1);
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return state;
}

/** The program's facts, on screens that are shown only where there are any. */
export function facts(): Facts {
  if (!state.facts) throw new Error("shown before the till was let in");
  return state.facts;
}

let fading: ReturnType<typeof setTimeout> | undefined;

export function say(text: string, tone: Notice["tone"] = "plain"): void {
  clearTimeout(fading);
  set({ notice: { text, tone } });
  fading = setTimeout(() => set({ notice: null }), tone === "bad" ? 9_000 : 4_500);
}

/* What was typed stays through a reload, each tab its own. */
const CART = "fiel-till-cart";

export function keepCart(): void {
  const told = JSON.stringify(state.cart, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  sessionStorage.setItem(CART, told);
}

export function keptCart(): Cart | null {
  const told = sessionStorage.getItem(CART);
  if (!told) return null;
  try {
    const kept = JSON.parse(told, (_key, value: unknown) => (typeof value === "string" && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value)) as Cart;
    return { ...emptyCart(kept.id), ...kept };
  } catch {
    return null;
  }
}

export async function keepFacts(told: Facts): Promise<void> {
  await write("facts", told);
  set({ facts: told });
}

export async function keptFacts(): Promise<Facts | undefined> {
  return read<Facts>("facts");
}
