/** A gift card: what is on it, how much of it pays this sale, and what goes back to it. Only the server knows. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { due } from "../actions";
import { NoAnswer, Refused } from "../api";
import { needsNetwork } from "../claims";
import { fieldText, minorOf, money, typedAmount } from "../money";
import type { FoundSale, GiftCard } from "../model";
import { cardShares } from "../sale";
import { askAs } from "../session";
import { facts, get, keepCart, set } from "../state";
import { _, language } from "../texts";
import { Dialog, Icon } from "./parts";

export function CardShown({ code }: { code: string }): JSX.Element {
  const { currency, decimals, zone } = facts().program;
  const [card, setCard] = useState<GiftCard | null>(null);
  const [problem, setProblem] = useState("");
  const [text, setText] = useState("");
  const close = (): void => set({ card: null });
  const { cart } = get();
  const others = { ...cart, cards: cart.cards.filter((each) => each.code !== code) };
  const open = cardShares(others, due()).reduce((left, share) => left - share, due());
  const balance = card ? minorOf(card.balance, decimals) : 0n;
  const most = open > 0n && open < balance ? open : balance;
  const typed = typedAmount(text, decimals);
  const pays = card?.status === "active" && balance > 0n;

  useEffect(() => {
    askAs<GiftCard>(`/v1/gift-cards/${code}`).then(
      (told) => {
        setCard(told);
        const has = minorOf(told.balance, decimals);
        setText(fieldText(open > 0n && open < has ? open : has, decimals));
      },
      (error: unknown) => {
        if (error instanceof NoAnswer) {
          close();
          needsNetwork();
        } else if (error instanceof Refused) setProblem(error.problem.detail);
        else throw error;
      },
    );
  }, []);

  // Enter pays: the amount is the likeliest.
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), [card]);

  function use(event: Event): void {
    event.preventDefault();
    // All that is left to pay stays so when the amount changes: then it is as much as the card has.
    const wish = typed === most ? balance : typed!;
    set({ cart: { ...others, cards: [...others.cards, { code, most: wish }] }, card: null });
    keepCart();
  }

  return (
    <Dialog title={_("Gift card")} close={close}>
      {card && (
        <form onSubmit={use}>
          <p class="verdict-amount">{money(balance, currency, decimals)}</p>
          <p class={pays ? "verdict" : "verdict bad"} role="status"><Icon name={pays ? "check" : "warning"} /> {standing(card, balance)}</p>
          {card.expires_at && card.status === "active" && <p class="hint">{_("It pays until {day}.", { day: new Date(Date.parse(card.expires_at) - 1).toLocaleDateString(language, { dateStyle: "long", timeZone: zone }) })}</p>}
          {pays && (
            <>
              <label for="by-card">{_("Amount paid with the gift card")}</label>
              <input id="by-card" class="big" type="text" inputMode="decimal" autocomplete="off" value={text} aria-invalid={(typed === null || typed > balance) || undefined} onInput={(event) => setText(event.currentTarget.value)} />
              <button ref={button} class="primary" disabled={!typed || typed > balance}>{_("Pay with it")}</button>
            </>
          )}
        </form>
      )}
      {problem && <p class="problem" role="alert">{problem}</p>}
      <button type="button" class="wide" onClick={close}>{_("Close")}</button>
    </Dialog>
  );
}

function standing(card: GiftCard, balance: bigint): string {
  if (card.status === "cancelled") return _("This gift card was withdrawn.");
  if (card.status === "expired") return _("This gift card's time is over.");
  return balance ? _("This is on the gift card.") : _("Nothing is left on the gift card.");
}

/** A part was paid by gift cards: that goes back to them before any money does. */
export function ToCards({ sale, given }: { sale: FoundSale; given: (sale: FoundSale) => void }): JSX.Element {
  const [problem, setProblem] = useState("");
  const amount = money(minorOf(sale.due_to_cards, sale.decimals), sale.currency, sale.decimals);

  async function give(): Promise<void> {
    try {
      given(await askAs<FoundSale>(`/till/sales/${sale.id}/back-to-cards`, { body: {} }));
    } catch (error) {
      if (!(error instanceof Refused || error instanceof NoAnswer)) throw error;
      setProblem(error instanceof Refused ? error.problem.detail : _("There was no answer. Try again when the network is back: it counts once."));
    }
  }

  return (
    <div class="confirm">
      <p>{_("{amount} of it was paid by gift card.", { amount })}</p>
      {problem && <p class="problem" role="alert">{problem}</p>}
      <button type="button" class="primary" onClick={() => void give()}>{_("Give {amount} back to the gift card", { amount })}</button>
    </div>
  );
}
