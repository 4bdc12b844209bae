/** What becomes of a reward that a member set aside: it is read, taken for good, handed over. */
import { choose, made } from "./actions";
import { NoAnswer, Refused } from "./api";
import { needsNetwork } from "./claims";
import { newId } from "./ids";
import { enqueue } from "./keeping/queue";
import type { Member, SetAside } from "./model";
import { askAs } from "./session";
import { get, keepCart, say, set, type Claim } from "./state";
import { _ } from "./texts";

/** Read it, and show it. */
export async function openSetAside(id: string): Promise<void> {
  try {
    await show(await askAs<SetAside>(`/v1/redemptions/${id}`));
  } catch (error) {
    if (error instanceof Refused) say(error.problem.detail, "bad");
    else if (error instanceof NoAnswer) needsNetwork();
    else throw error;
  }
}

/** Show a redemption as it stands, with whose it is; whoever nobody else stands here for is served. */
async function show(told: SetAside, done = false): Promise<void> {
  const at = get().cart.member;
  if (!at || at.id === told.member) await choose({ id: told.member, name: "", hint: "" });
  const { member } = get().cart;
  const who = member?.id === told.member ? member.name : await nameOf(told.member);
  set({ claim: { key: newId(), told, who, done } });
}

async function nameOf(id: string): Promise<string> {
  try {
    return (await askAs<Member>(`/v1/members/${id}`)).name;
  } catch (error) {
    if (error instanceof Refused || error instanceof NoAnswer) return "";
    throw error;
  }
}

/** Hand it over, or take its points for good; what stood in the way, in words. */
export async function act(claim: Claim, deed: "use" | "capture"): Promise<string> {
  const of = claim.told ? `redemptions/${claim.told.id}` : `redemption-codes/${encodeURIComponent(claim.code!)}`;
  try {
    const told = await askAs<SetAside>(`/v1/${of}/${deed}`, { body: {}, once: `${claim.key}-${deed}` });
    if (told.code_kind === "coupon") takeOff(told);
    else await show(told, true);
    await note(told, get().claim?.who || claim.who || "", `${claim.key}-${deed}`);
    return "";
  } catch (error) {
    if (error instanceof NoAnswer) return _("There was no answer. Try again when the network is back: it counts once.");
    if (!(error instanceof Refused)) throw error;
    // Somebody was quicker: what became of it is told.
    if (claim.told) await openSetAside(claim.told.id);
    return claim.told && get().claim?.told?.status !== claim.told.status ? "" : error.problem.detail;
  }
}

/** List it with what this till did today; it is told already. */
async function note(told: SetAside, name: string, id: string): Promise<void> {
  const about = { member: { id: told.member, name }, points: told.spent, ...(told.name ? { title: told.name } : {}) };
  await enqueue({ ...made("redemption", id, {}, about), answer: told, redemption: told.id, state: "done", settled_at: Date.now() });
}

/** Put the coupon of a redemption into the sale. */
export function takeOff(told: SetAside): void {
  const { cart } = get();
  const coupons = cart.coupons.includes(told.code!) ? cart.coupons : [...cart.coupons, told.code!];
  set({ cart: { ...cart, coupons }, claim: null });
  keepCart();
  say(_("{reward}: it is taken off this sale.", { reward: told.name ?? "" }), "good");
  if (cart.member?.id === told.member) void choose({ id: told.member, name: "", hint: "" });
}
