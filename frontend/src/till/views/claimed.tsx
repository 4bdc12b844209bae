/** What a member's phone showed: what it is, whose, whether it may be had, and the button for it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { act, takeOff } from "../handing_over";
import type { SetAside } from "../model";
import { facts, set, type Claim } from "../state";
import { _, language } from "../texts";
import { Dialog, Icon, priceText } from "./parts";

export { openSetAside } from "../handing_over";

const SHOWN_FOR = ["product", "service", "event"];

export function Claimed({ claim }: { claim: Claim }): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const { told, code, who, done } = claim;
  const close = (): void => set({ claim: null });

  async function go(deed: "use" | "capture"): Promise<void> {
    setBusy(true);
    setProblem(await act(claim, deed));
    setBusy(false);
  }

  const handOver = <button type="button" class="primary" disabled={busy} onClick={() => void go("use")}>{_("Hand it over")}</button>;
  const capture = (text: string): JSX.Element => <button type="button" class="primary" disabled={busy} onClick={() => void go("capture")}>{text}</button>;
  let button: JSX.Element | null = told ? null : handOver;
  if (told?.reward && told.status === "held") {
    if (told.kind === "event") button = <>{capture(_("Take the points, and give the code"))}{handOver}</>;
    else if (SHOWN_FOR.includes(told.kind!)) button = handOver;
    else button = capture(told.kind === "discount" || told.kind === "voucher" ? _("Take it off this sale") : _("Take the points"));
  } else if (told?.status === "captured" && !done) {
    if (told.code_kind === "redemption") button = handOver;
    else if (told.code_kind === "coupon") button = <button type="button" class="primary" onClick={() => takeOff(told)}>{_("Take it off this sale")}</button>;
  }
  const isGood = told && (done || told.status === "held" || told.status === "captured");
  return (
    <Dialog title={told ? _("A member's reward") : _("Code {code}", { code: code! })} close={close}>
      {told ? (
        <>
          <p class="verdict-amount">{told.quantity > 1 ? `${told.quantity} × ` : ""}{told.name ?? priceText(told.spent)}</p>
          <p>{who || _("No name")} · {priceText(told.spent)}</p>
          <p class={isGood ? (told.status === "held" ? "verdict waits" : "verdict") : "verdict bad"} role="status"><Icon name={isGood ? "check" : "warning"} /> {standing(told, done)}</p>
          {told.status === "captured" && told.code && <p class="verdict-amount">{told.code}</p>}
        </>
      ) : (
        <p>{_("Hand over what it stands for? It can be used once. What it is and whose is shown then.")}</p>
      )}
      {problem && <p class="problem" role="alert">{problem}</p>}
      {button}
      <button type="button" class="wide" onClick={close}>{_("Close")}</button>
    </Dialog>
  );
}

/** How it stands, in a sentence that says what to do. */
function standing(told: SetAside, done = false): string {
  const when = (at: string | null): string => (at ? new Date(at).toLocaleString(language, { dateStyle: "short", timeStyle: "short", timeZone: facts().program.zone }) : "");
  switch (told.status) {
    case "held":
      return told.reward ? _("It is set aside until {when}.", { when: when(told.hold_until) }) : _("These points wait to pay a sale.");
    case "captured":
      return done ? _("The points are taken.") : _("It is paid.");
    case "used":
      return done ? _("Handed over.") : _("It was used before ({when}). Do not hand it over again.", { when: when(told.used_at) });
    case "cancelled":
      return _("It was cancelled ({when}), and the points went back. Do not hand it over.", { when: when(told.ended_at) });
    case "expired":
      return _("Its time is over ({when}). Do not hand it over.", { when: when(told.ended_at) });
    default:
      return _("A manager has to look at this: nothing was taken yet.");
  }
}
