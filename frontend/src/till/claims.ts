/**
 * What a member's phone shows at the counter: a reward that is set aside, or the code of one that is
 * paid. All of it needs the network, for only the server knows what it stands for and whether it
 * was used; what shows it is loaded only then.
 */
import { Refused } from "./api";
import { newId } from "./ids";
import { net } from "./net";
import { ALPHABET } from "./numbers";
import { askAs } from "./session";
import { facts, get, keepCart, say, set } from "./state";
import { _ } from "./texts";

const SET_ASIDE = /^fiel:redemption:([0-9a-f-]{36})$/i;
const PICK_UP = 8;
const COUPON = 12;
const GIFT_CARD = 20;
const RECEIPT = /^\w{3}-\w{3}-\w{3}$/;

export function isSetAside(text: string): boolean {
  return SET_ASIDE.test(text);
}

/** A code of ours of this length as it is kept, however it was typed; "" where it is none. */
function codeOf(text: string, length: number): string {
  const plain = text.toUpperCase().replace(/[\s._-]/g, "").replace(/[OILZSBU]/g, (sign) => "011258V"["OILZSBU".indexOf(sign)]!);
  if (plain.length !== length) return "";
  let sum = 0;
  for (const sign of plain) {
    const value = ALPHABET.indexOf(sign);
    if (value < 0) return "";
    sum = sum * 2 + value;
  }
  return sum % ALPHABET.length === 1 ? plain : "";
}

export function pickUpCode(text: string): string {
  return codeOf(text, PICK_UP);
}

export function cardCode(text: string): string {
  return codeOf(text, GIFT_CARD);
}

/** Open what was read, where it is a reward, a code or a receipt; false where it is none of them. */
export async function openShown(text: string): Promise<boolean> {
  const id = SET_ASIDE.exec(text)?.[1];
  const code = pickUpCode(text);
  const coupon = facts().program.has_coupons && codeOf(text, COUPON);
  const card = cardCode(text);
  if (RECEIPT.test(text)) {
    set({ screen: "return", returning: { wanted: text } });
    return true;
  }
  if (!id && !code && !coupon && !card) return false;
  if (net() === "off") needsNetwork();
  else if (id) {
    const opener = await import("./views/claimed").catch(needsNetwork);
    await opener?.openSetAside(id);
  } else if (card) set({ card });
  else if (code) set({ claim: { key: newId(), code: text.trim().toUpperCase() } });
  else {
    const problem = await addCoupon(text);
    say(problem || _("The coupon is taken off this sale."), problem ? "bad" : "good");
  }
  return true;
}

export function needsNetwork(): void {
  say(_("This needs the network: without it nobody knows whether it was used."), "bad");
}

interface Looked {
  valid: boolean;
  reasons: string[];
}

/** Put a coupon into the sale, where it holds; what stood in the way, in words. */
export async function addCoupon(code: string): Promise<string> {
  const { cart } = get();
  const { member } = cart;
  try {
    const looked = await askAs<Looked>(`/v1/coupons/${encodeURIComponent(code)}/check`, { body: { cart: cart.id, ...(member && !member.local ? { member: member.id } : {}) } });
    if (!looked.valid) return looked.reasons.join(" ");
  } catch (error) {
    return error instanceof Refused ? error.problem.detail : _("A coupon can be checked only with a network.");
  }
  const now = get().cart;
  if (!now.coupons.includes(code)) set({ cart: { ...now, coupons: [...now.coupons, code] } });
  keepCart();
  return "";
}
