/** The sale: who, how much, what it earns, what can be redeemed, and the button that records it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { charge, newSale, requote, toPay } from "../actions";
import { needsNetwork } from "../claims";
import { comma, fieldText, money, typedAmount } from "../money";
import type { Item, Problem } from "../model";
import { isEmpty, total } from "../sale";
import { facts, get, keepCart, set, useTill, type Claim } from "../state";
import { _ } from "../texts";
import { Approve } from "./approve";
import { Lines } from "./lines";
import { Customer } from "./member";
import { Icon, Keypad, useLater, useLoaded } from "./parts";
import { Coupons, Earns, PayWithPoints, Rewards } from "./redeeming";

export function Sell(): JSX.Element {
  const { cart, card, claim, net, quoteProblem } = useTill();
  const { decimals } = facts().program;
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);
  const sum = total(cart);

  useLater(() => void requote(), 260, [cart, net === "off"]);

  async function record(approval?: string): Promise<void> {
    if (busy || total(get().cart) <= 0n) return;
    setBusy(true);
    const item: Item | null = await charge(approval);
    setBusy(false);
    setRefused(item?.problem ?? null);
  }

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (document.querySelector("dialog[open]")) return;
      if (event.key === "F9" || (event.key === "Enter" && (event.target as HTMLElement).id === "amount")) {
        event.preventDefault();
        void record();
      } else if (event.key === "F2" || event.key === "F4") {
        event.preventDefault();
        document.getElementById(event.key === "F2" ? "find" : "amount")?.focus();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [busy]);

  const problem = refused && refused.code !== "cashier_limit" ? refused.detail : quoteProblem;
  return (
    <main class="sell" id="sell">
      <h1 class="hidden">{_("Sell")}</h1>
      <div class="side">
        <Customer />
        <Amount />
      </div>
      <div class="side">
        <Earns />
        <Rewards />
        <PayWithPoints />
        <Coupons />
      </div>
      <footer class="pay">
        {problem && <p class="problem" role="alert"><Icon name="warning" /> {problem}</p>}
        <button type="button" class="plain-button" onClick={newSale} disabled={isEmpty(cart)}>{_("Clear")}</button>
        <div class="to-pay"><small>{_("To pay")}</small><output>{money(toPay(), facts().program.currency, decimals)}</output></div>
        <button type="button" class="primary huge" disabled={busy || sum <= 0n} onClick={() => void record()}>
          {busy ? _("Recording …") : _("Record the sale")} <kbd>F9</kbd>
        </button>
      </footer>
      {claim && <Shown claim={claim} />}
      {card && <Card code={card} />}
      {refused?.code === "cashier_limit" && (
        <Approve
          problem={refused}
          close={() => setRefused(null)}
          approved={(mark) => {
            setRefused(null);
            void record(mark);
          }}
        />
      )}
    </main>
  );
}

/** What a member's phone showed: only with a network, so that it is loaded only then. */
function Shown({ claim }: { claim: Claim }): JSX.Element | null {
  const loaded = useLoaded(() => import("./claimed"), () => {
    set({ claim: null });
    needsNetwork();
  });
  return loaded && <loaded.Claimed claim={claim} />;
}

function Card({ code }: { code: string }): JSX.Element | null {
  const loaded = useLoaded(() => import("./cards"), () => {
    set({ card: null });
    needsNetwork();
  });
  return loaded && <loaded.CardShown code={code} />;
}

function Amount(): JSX.Element {
  const { cart } = useTill();
  const { settings } = facts();
  const { currency, decimals } = facts().program;
  const [text, setText] = useState("");
  const [byLines, setByLines] = useState(cart.lines.length > 0);

  // A new sale starts empty; one that was handed over comes filled.
  useEffect(() => {
    setText(cart.amount === null ? "" : fieldText(cart.amount, decimals));
    setByLines(cart.lines.length > 0);
  }, [cart.id]);

  function become(told: string): void {
    setText(told);
    set({ cart: { ...get().cart, amount: told.trim() ? typedAmount(told, decimals) : null, points: 0 } });
    keepCart();
  }

  const wrong = text.trim() !== "" && typedAmount(text, decimals) === null;
  return (
    <section class="card amount" aria-label={_("Amount")}>
      <div class="tabs" role="group" aria-label={_("How the sale is entered")}>
        <button type="button" aria-pressed={!byLines} onClick={() => setByLines(false)}>{_("Amount")}</button>
        <button type="button" aria-pressed={byLines} onClick={() => setByLines(true)}>{_("Lines")}</button>
        {cart.reference && <span class="tag">{cart.reference}</span>}
      </div>
      {byLines ? (
        <Lines />
      ) : (
        <>
          <label for="amount">{_("Total with tax")}</label>
          <div class="amount-field">
            <input id="amount" class="huge-input" type="text" inputMode="decimal" autocomplete="off" value={text} placeholder={fieldText(0n, decimals)} aria-invalid={wrong || undefined} aria-describedby={wrong ? "amount-problem" : undefined} disabled={cart.lines.length > 0} onInput={(event) => become(event.currentTarget.value)} />
            <span aria-hidden="true">{currency}</span>
          </div>
          {settings.tax_missing && <p class="hint">{_("The tax is not set: it counts as none.")}</p>}
          {wrong && <p id="amount-problem" class="problem">{_("Write an amount, such as {example}.", { example: money(1250n, currency, decimals) })}</p>}
          {cart.lines.length > 0 ? <p class="hint">{_("The lines say the amount.")}</p> : <Keypad comma={decimals ? comma : undefined} press={(key) => become(key === "back" ? text.slice(0, -1) : text + key)} />}
        </>
      )}
    </section>
  );
}
