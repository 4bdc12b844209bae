/** Beyond a cashier's limit: somebody who may approve types a PIN, here and now. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { money, number } from "../money";
import type { CashierFact, Problem } from "../model";
import { approval } from "../session";
import { facts } from "../state";
import { _ } from "../texts";
import type { Asking } from "./approve";
import { Dialog, points } from "./parts";
import { Pin } from "./sign_in";

export function Approval({ problem, close, approved }: Asking): JSX.Element {
  const people = facts().cashiers.filter((each) => each.may_approve);
  const [who, setWho] = useState<CashierFact | null>(people.length === 1 ? people[0]! : null);
  return (
    <Dialog title={_("This needs an approval")} close={close}>
      <p>{told(problem)}</p>
      {who ? (
        <Pin cashier={who} verb={_("Approve")} other={people.length > 1 ? () => setWho(null) : null} use={async (pin) => approved(await approval(who, pin))} />
      ) : people.length ? (
        <div class="people">{people.map((each) => <button key={each.id} type="button" onClick={() => setWho(each)}>{each.name}</button>)}</div>
      ) : (
        <p class="problem">{_("Nobody in this store may approve it. The console says who may.")}</p>
      )}
    </Dialog>
  );
}

function told(problem: Problem): string {
  const { kind, unit, most, used } = problem.facts as { kind?: string; unit?: string; most?: number; used?: number };
  const { currency, decimals } = facts().program;
  if (most === undefined || used === undefined || !unit) return problem.detail;
  const say = (many: number): string => (kind === "returned" ? money(BigInt(many), currency, decimals) : points(many, unit));
  return kind === "returned"
    ? _("You may take back {most} a day, and took back {used} so far.", { most: say(most), used: used ? say(used) : number(0) })
    : _("You may redeem {most} a day, and redeemed {used} so far.", { most: say(most), used: used ? say(used) : number(0) });
}
