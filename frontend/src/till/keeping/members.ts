/** Members whom this till has seen: found again without a network. */
import type { Balances, Known, Member, Offer } from "../model";
import { database } from "./database";

const MOST = 5_000;

/** Keep what is known of a member now; what the till was not told this time stays. */
export async function keepMember(member: Member, offers?: Offer[]): Promise<Known> {
  const kept = await (await database()).get("members", member.id);
  const known: Known = {
    id: member.id,
    name: member.name,
    phone: member.phone,
    email: member.email,
    card: member.card,
    code: member.referral_code,
    tier: member.tier,
    balances: member.balances,
    offers: offers ?? kept?.offers ?? [],
    seen_at: Date.now(),
  };
  await (await database()).put("members", known);
  return known;
}

export async function keepKnown(known: Known): Promise<void> {
  await (await database()).put("members", known);
}

/** After something was delivered: what the member has now. */
export async function keepBalances(memberId: string, balances: Balances): Promise<void> {
  const store = await database();
  const known = await store.get("members", memberId);
  if (known) await store.put("members", { ...known, balances });
}

export async function memberKept(memberId: string): Promise<Known | undefined> {
  return (await database()).get("members", memberId);
}

/** Somebody who was enrolled here is known by the server's id from now on. */
export async function replaceMember(localId: string, member: Member): Promise<void> {
  await (await database()).delete("members", localId);
  await keepMember(member);
}

export function folded(text: string): string {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
}

/** Members kept here whom somebody who types this may mean. */
export async function membersLike(text: string, most = 6): Promise<Known[]> {
  const wanted = folded(text);
  if (!wanted) return [];
  const digits = wanted.replace(/\D/g, "");
  const plain = wanted.replace(/[\s-]/g, "");
  const isNumber = /^[+\d\s().-]+$/.test(wanted);
  const words = wanted.split(/\s+/);
  const found: Known[] = [];
  let cursor = await (await database()).transaction("members").store.index("seen").openCursor(null, "prev");
  while (cursor && found.length < most) {
    const known = cursor.value;
    const phone = known.phone?.replace(/\D/g, "") ?? "";
    const names = folded(known.name).split(/\s+/);
    const hit =
      (isNumber && digits.length >= 3 && (phone.endsWith(digits) || phone.startsWith(digits) || phone.slice(2).startsWith(digits))) ||
      (known.card !== null && folded(known.card).replace(/[\s-]/g, "") === plain) ||
      (known.code !== null && folded(known.code).replace(/[\s-]/g, "") === plain) ||
      (known.email !== null && known.email.startsWith(wanted)) ||
      `fiel:${known.id}` === wanted ||
      (!isNumber && words.every((word) => names.some((name) => name.startsWith(word))));
    if (hit) found.push(known);
    cursor = await cursor.continue();
  }
  return found;
}

/** Forget whom one has not seen for longest, beyond so many. */
export async function forgetOldMembers(): Promise<void> {
  const store = await database();
  let over = (await store.count("members")) - MOST;
  let cursor = over > 0 ? await store.transaction("members", "readwrite").store.index("seen").openCursor() : null;
  while (cursor && over > 0) {
    await cursor.delete();
    over -= 1;
    cursor = await cursor.continue();
  }
}

/** A device that was shut out keeps nobody. */
export async function forgetAllMembers(): Promise<void> {
  await (await database()).clear("members");
}
