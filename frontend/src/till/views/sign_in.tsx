/** Who stands here: a name is touched, a PIN typed. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { NoAnswer, Refused } from "../api";
import { cashiersKept } from "../keeping/pins";
import type { CashierFact } from "../model";
import { PinRefused, refreshFacts, signIn, wrong } from "../session";
import { facts, useTill } from "../state";
import { _ } from "../texts";
import { Icon, Keypad } from "./parts";

const LAST = "fiel-till-last";
// On a touch screen the keypad is there already: the system's keyboard would hide half the page.
const keyboard = matchMedia("(hover: hover)").matches ? "numeric" : "none";

export function SignIn(): JSX.Element {
  const { net } = useTill();
  const [here, setHere] = useState<Set<string> | null>(null);
  const all = facts().cashiers;
  const [cashier, setCashier] = useState<CashierFact | null>(() => {
    if (all.length === 1) return all[0]!;
    return all.find((each) => each.id === localStorage.getItem(LAST)) ?? null;
  });

  useEffect(() => {
    void refreshFacts();
    void cashiersKept().then((kept) => setHere(new Set(kept.map((each) => each.id))));
    // Somebody may just be adding a cashier in the console.
    const again = setInterval(() => void refreshFacts(), 15_000);
    return () => clearInterval(again);
  }, []);

  return (
    <main class="alone">
      <div class="card">
        <p class="where">{facts().program.name} · {facts().device.name}{facts().device.store && ` · ${facts().device.store}`}</p>
        {net === "off" && <p class="hint"><Icon name="wifi-off" /> {_("No network. Whoever signed in here before can sign in.")}</p>}
        {cashier ? (
          <Pin key={cashier.id} cashier={cashier} other={all.length > 1 ? () => setCashier(null) : null} />
        ) : all.length ? (
          <>
            <h1>{_("Who is at the till?")}</h1>
            <div class="people">
              {all.map((each) => (
                <button key={each.id} type="button" disabled={net === "off" && here !== null && !here.has(each.id)} onClick={() => setCashier(each)}>
                  <span class="initial" aria-hidden="true">{each.name.slice(0, 1).toUpperCase()}</span>
                  {each.name}
                </button>
              ))}
            </div>
            {net !== "off" && <button type="button" class="plain-button" onClick={() => void refreshFacts()}>{_("Look again who works here")}</button>}
          </>
        ) : (
          <>
            <h1>{_("Nobody works here yet")}</h1>
            <p>{_("In the console, open Tills and add a cashier for this store.")}</p>
            <button type="button" class="primary" onClick={() => void refreshFacts()}>{_("Look again")}</button>
          </>
        )}
      </div>
    </main>
  );
}

export function Pin({ cashier, other, use, verb }: {
  cashier: CashierFact;
  other: (() => void) | null;
  use?: (pin: string) => Promise<void>;
  verb?: string;
}): JSX.Element {
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  // What closes or is taken away as this shows hands the focus back a moment later.
  useEffect(() => {
    const focus = (): void => field.current?.focus();
    focus();
    const again = setTimeout(focus, 50);
    addEventListener("focus", focus);
    return () => {
      clearTimeout(again);
      removeEventListener("focus", focus);
    };
  }, []);

  async function enter(): Promise<void> {
    if (busy || pin.length < 4) return;
    setBusy(true);
    setProblem("");
    try {
      if (use) await use(pin);
      else await signIn(cashier, pin);
      if (!use) localStorage.setItem(LAST, cashier.id);
    } catch (error) {
      if (error instanceof PinRefused) setProblem(error.message);
      else if (error instanceof Refused) setProblem(error.problem.code === "wrong_pin" ? wrong(Number(error.problem.facts["left"])) : error.problem.detail);
      else if (error instanceof NoAnswer) setProblem(_("This needs the network."));
      else throw error;
      setPin("");
      field.current?.focus();
    } finally {
      setBusy(false);
    }
  }

  function press(key: string): void {
    setPin((now) => (key === "back" ? now.slice(0, -1) : (now + key).slice(0, 8)));
  }

  return (
    <form
      class="pin"
      onSubmit={(event) => {
        event.preventDefault();
        void enter();
      }}
    >
      <h1>{cashier.name}</h1>
      <label for="pin">{_("PIN")}</label>
      <input
        id="pin" class="big" type="password" inputMode={keyboard} autocomplete="off" autofocus maxLength={8} pattern="[0-9]*"
        value={pin} ref={field} aria-describedby={problem ? "pin-problem" : undefined} aria-invalid={problem ? true : undefined}
        onInput={(event) => setPin(event.currentTarget.value.replace(/\D/g, ""))}
      />
      <p id="pin-problem" class="problem" role="alert">{problem}</p>
      <Keypad press={press} />
      <button class="primary" disabled={busy || pin.length < 4}>{busy ? _("One moment …") : (verb ?? _("Sign in"))}</button>
      {other && <button type="button" class="plain-button" onClick={other}>{_("Somebody else")}</button>}
    </form>
  );
}
