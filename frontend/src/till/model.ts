/** What the till knows and keeps. */

export interface Unit {
  id: string;
  name: string;
  one: string;
}

export interface Pays {
  unit: string;
  min: number;
  step: number;
  max_share: string;
  worth: [number, number];
}

export interface RewardFact {
  id: string;
  name: string;
  kind: string;
  price: Record<string, number>;
  handed_over: boolean;
}

export interface CashierFact {
  id: string;
  name: string;
  may_approve: boolean;
}

/** What the server tells a device: the program, its rewards, who works here. */
export interface Facts {
  now: string;
  program: {
    slug: string;
    name: string;
    color: string;
    on_color: string;
    ink: string;
    ink_at_night: string;
    currency: string;
    decimals: number;
    zone: string;
    units: Unit[];
    has_coupons: boolean;
    has_cards: boolean;
  };
  pays: Pays | null;
  overdraw: Record<string, number>;
  rewards: RewardFact[];
  tiers: Record<string, string>;
  device: { id: string; name: string; store: string };
  cashiers: CashierFact[];
  settings: { tax_percent: string; tax_missing: boolean; sender: string };
  join: { url: string; size: number; path: string };
}

export interface Balance {
  available: number;
  pending: number;
  held: number;
  debt: number;
  lifetime: number;
  expiring: { points: number; at: string }[];
}

export type Balances = Record<string, Balance>;

export interface Tier {
  id: string | null;
  next: { id: string; missing: string } | null;
}

export interface Member {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  card: string | null;
  external_id: string | null;
  referral_code: string | null;
  status: string;
  tier: Tier | null;
  balances: Balances;
}

/** A reward as the catalogue tells it of a member. */
export interface Offer {
  id: string;
  name: string;
  kind: string;
  price: Record<string, number>;
  amount: string | null;
  percent: string | null;
  stock_left: number | null;
  eligible: boolean;
  reasons: string[];
  blocked_by: string[];
  missing: Record<string, number>;
}

/** A member whom this till has seen; `ref` is how the API is told of somebody enrolled here. */
export interface Known {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  card: string | null;
  code: string | null;
  tier: Tier | null;
  balances: Balances;
  offers: Offer[];
  seen_at: number;
  /** Enrolled without a network, and not delivered yet: the id is the client's. */
  local?: boolean;
}

export interface Explanation {
  rule: string;
  unit: string;
  points: number;
  text: string;
}

export interface UsedCoupon {
  code: string;
  coupon: string;
  discount: string | null;
  lines: { line: number; discount: string }[];
  points: Record<string, number>;
}

/** A sale as the API answers it, recorded or quoted. */
export interface SaleAnswer {
  id: string | null;
  external_id: string | null;
  status: string;
  occurred_at: string;
  net: string;
  gross: string;
  earned: Record<string, number>;
  pending: Record<string, number>;
  spent: Record<string, number>;
  explanation: Explanation[];
  balances: Balances;
  tier: Tier | null;
  messages: string[];
  coupons: UsedCoupon[];
  milestones: { id: string; name: string | null; times: number; reward: string | null; badge: string | null }[];
  rewards: { id: string; reward: string; code: string | null }[];
  overspent?: Record<string, number> | null;
  offline?: { till: string; clock: string; told_at?: string | null } | null;
}

export interface RedemptionAnswer {
  id: string;
  status: string;
  queued?: string | null;
  name: string | null;
  reward: string | null;
  spent: Record<string, number>;
  code: string | null;
  code_kind: string | null;
  balances: Balances;
  overspent?: Record<string, number> | null;
}

/** A redemption as the API tells it of by itself, with whose it is and how it stands. */
export interface SetAside extends RedemptionAnswer {
  member: string;
  kind: string | null;
  quantity: number;
  hold_until: string | null;
  used_at: string | null;
  ended_at: string | null;
}

/** A sale of any till, in a list. */
export interface SaleGlimpse {
  id: string;
  external_id: string | null;
  at: string;
  store: string;
  gross: string;
  status: string;
  member: string | null;
}

/** A sale of any till by its lines, with what is left of it; in the currency of its receipt. */
export interface FoundSale extends SaleGlimpse {
  currency: string;
  decimals: number;
  left: string;
  lines: { name: string; quantity: string; left: string; amount: string }[];
  cards: { ends: string; paid: string; back: string }[];
  due_to_cards: string;
}

/** A gift card as the API tells it. */
export interface GiftCard {
  code: string;
  status: string;
  balance: string;
  expires_at: string | null;
}

export interface ReturnAnswer {
  id: string;
  status: string;
  reversed: Record<string, number>;
  restored: Record<string, number>;
  balances: Balances;
  gross?: string;
}

export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors?: { field: string; code: string; detail: string }[];
  facts: Record<string, unknown>;
}

/** "card" gives a gift card back what it paid of a sale that there is not. */
export type Kind = "enrol" | "sale" | "redemption" | "return" | "card";

/** Whose deed it was: name as shown, and the marks that tell the API. */
export interface By {
  id: string;
  name: string;
  shift: string;
  kept: string;
}

/**
 * Something that was done and is to be told, once. `id` is the client's own and goes with it
 * however often it is sent; `seq` is its place in the queue.
 */
export interface Item {
  seq?: number;
  id: string;
  kind: Kind;
  /** The program it belongs to: told to no other, should the device be let in elsewhere. */
  program: string;
  body: Record<string, unknown>;
  by: By;
  /** The device's clock when it was done, in milliseconds, and what was to be added to it. */
  made: number;
  skew: number;
  /** Done, or tried, without a network: it is sent with that mark. */
  offline: boolean;
  state: "waiting" | "done" | "refused" | "dropped";
  tries: number;
  /** What has been done of it on the server already: a redemption that is to be handed over. */
  redemption?: string;
  hand_over?: boolean;
  /** Gift cards that pay a part of the sale, before it is recorded; `ref` names each payment. */
  cards?: CardCharge[];
  charged?: boolean;
  approval?: string;
  answer?: SaleAnswer | RedemptionAnswer | ReturnAnswer | Member;
  problem?: Problem;
  settled_at?: number;
  about: About;
}

export interface CardCharge {
  code: string;
  amount: string;
  ref: string;
}

/** What a list says of an item. */
export interface About {
  member: { id: string; name: string; local?: boolean } | null;
  /** In minor units, as a text: IndexedDB keeps it, JSON too. */
  amount?: string;
  points?: Record<string, number>;
  title?: string;
  lines?: { name: string; quantity: string; amount: string }[];
  sale?: string;
  cards?: { ends: string; amount: string }[];
}
