/** What the sale earns and why, and what the member can have for points now. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { due, isAllowedOffline, redeem } from "../actions";
import { addCoupon, cardCode } from "../claims";
import { fieldText, money, minorOf, number, typedAmount } from "../money";
import type { Item, Offer, Problem, UsedCoupon } from "../model";
import { cardShares, mostPoints, pointsFor, total, worthOf } from "../sale";
import { facts, get, keepCart, set, useTill } from "../state";
import { _ } from "../texts";
import { Approve } from "./approve";
import { Icon, points, priceText } from "./parts";

export function Earns(): JSX.Element | null {
  const { cart, quote, quoting, net } = useTill();
  if (total(cart) <= 0n) return <section class="card quiet-card"><p class="hint">{_("Enter an amount, and here is what it earns.")}</p></section>;
  if (!quote) {
    if (net === "off") return <section class="card quiet-card"><p><Icon name="wifi-off" /> {_("No network: the sale is kept, and what it earns is counted when it is told.")}</p></section>;
    return <section class="card" aria-busy={quoting}>{quoting ? <span class="skeleton" /> : null}</section>;
  }
  if (!cart.member) return <section class="card quiet-card"><p class="hint">{_("Without a member nothing is earned. Ask for the phone, or enrol in seconds.")}</p></section>;
  const { answer } = quote;
  const earned = Object.entries(answer.earned).filter(([, many]) => many > 0);
  return (
    <section class={quoting ? "card earns stale" : "card earns"} aria-label={_("What it earns")} aria-live="polite">
      <h2>{_("Earns")}</h2>
      <p class="earned">{earned.length ? earned.map(([unit, many]) => points(many, unit)).join(" + ") : _("Nothing this time")}</p>
      {answer.explanation.length > 0 && <ul class="why">{answer.explanation.map((line, place) => <li key={place}><span>{line.text}</span><span>{line.points > 0 ? "+" : ""}{number(line.points)}</span></li>)}</ul>}
      {answer.messages.length > 0 && (
        <ul class="say" aria-label={_("To say")}>{answer.messages.slice(0, 2).map((text) => <li key={text}><Icon name="message" /> {text}</li>)}</ul>
      )}
    </section>
  );
}

export function Rewards(): JSX.Element | null {
  const { cart, net, items, quote } = useTill();
  const { member } = cart;
  const [allowed, setAllowed] = useState<Set<string>>(new Set());
  const [asking, setAsking] = useState<Offer | null>(null);
  const [refused, setRefused] = useState<{ offer: Offer; problem: Problem } | null>(null);
  const offline = net === "off";
  const known = facts();
  // Whom the till saw for the first time without a network has no catalogue of her own.
  const offers = member?.offers.length ? member.offers : offline ? known.rewards.map(asOffer) : [];

  useEffect(() => {
    if (!member || !offline) return;
    void Promise.all(offers.map(async (offer) => ((await isAllowedOffline(member, offer)) ? offer.id : ""))).then((ids) => setAllowed(new Set(ids)));
  }, [member, offline, items]);

  if (!member || !offers.length) return null;
  const can = offers.filter((offer) => (offline ? allowed.has(offer.id) : offer.eligible) && offer.kind !== "access");
  // What is said about the sale tells it already, as it is after the sale.
  const near = quote?.answer.messages.length ? [] : offers.filter((offer) => !can.includes(offer) && !offline && offer.blocked_by.length === 1 && offer.blocked_by[0] === "insufficient_points").slice(0, 3);

  async function go(offer: Offer, approval?: string): Promise<void> {
    setAsking(null);
    const item: Item | null = await redeem(offer, approval);
    setRefused(item?.problem ? { offer, problem: item.problem } : null);
  }

  return (
    <section class="card" aria-label={_("Rewards")}>
      <h2>{_("Redeem now")}</h2>
      {can.length ? (
        <div class="rewards">
          {can.map((offer) => (
            <button key={offer.id} type="button" class="reward" onClick={() => setAsking(offer)}>
              <Icon name="gift" /><span class="grow">{offer.name}</span><small>{priceText(offer.price)}</small>
            </button>
          ))}
        </div>
      ) : (
        <p class="hint">{offline ? _("Nothing that can be handed over without a network.") : _("Nothing yet.")}</p>
      )}
      {near.map((offer) => <p key={offer.id} class="hint near">{_("{missing} more for: {reward}", { missing: priceText(offer.missing), reward: offer.name })}</p>)}
      {refused && refused.problem.code !== "cashier_limit" && <p class="problem" role="alert">{refused.problem.detail}</p>}
      {asking && (
        <div class="confirm" role="group" aria-label={asking.name}>
          <p>{_("Redeem “{reward}” for {price}?", { reward: asking.name, price: priceText(asking.price) })}</p>
          <button type="button" class="primary" onClick={() => void go(asking)} ref={(button) => button?.focus()}>{_("Redeem")}</button>
          <button type="button" onClick={() => setAsking(null)}>{_("Cancel")}</button>
        </div>
      )}
      {refused?.problem.code === "cashier_limit" && (
        <Approve problem={refused.problem} close={() => setRefused(null)} approved={(mark) => {
          const { offer } = refused;
          setRefused(null);
          void go(offer, mark);
        }} />
      )}
    </section>
  );
}

function asOffer(fact: { id: string; name: string; kind: string; price: Record<string, number> }): Offer {
  return { ...fact, amount: null, percent: null, stock_left: null, eligible: false, reasons: [], blocked_by: [], missing: {} };
}

export function PayWithPoints(): JSX.Element | null {
  const { cart, quote, net } = useTill();
  const { pays, program, overdraw } = facts();
  const { member } = cart;
  const [text, setText] = useState("");
  useEffect(() => {
    if (!cart.points) setText("");
  }, [cart.points, cart.id]);
  if (!pays || !member || total(cart) <= 0n) return null;
  const balance = member.balances[pays.unit];
  const lent = net === "off" ? Math.max(0, (overdraw[pays.unit] ?? 0) - (balance?.debt ?? 0)) : 0;
  const off = quote?.off.reduce((sum, each) => sum + each, 0n) ?? 0n;
  const most = mostPoints(total(cart) - off, (balance?.available ?? 0) + lent, pays);
  if (!most && !cart.points) return null;

  function become(many: number): void {
    const whole = many - (many % pays!.step);
    set({ cart: { ...get().cart, points: whole < pays!.min ? 0 : Math.min(whole, most) } });
    keepCart();
  }

  function typed(told: string): void {
    setText(told);
    const amount = typedAmount(told, program.decimals);
    if (amount !== null) become(Math.min(most, pointsFor(amount, pays!)));
    else if (!told.trim()) become(0);
  }

  const worth = worthOf(cart.points, pays);
  return (
    <section class="card" aria-label={_("Pay with points")}>
      <h2>{_("Pay a part with {points}", { points: program.units.find((unit) => unit.id === pays.unit)?.name ?? pays.unit })}</h2>
      <div class="with-button">
        <label class="hidden" for="by-points">{_("Amount paid with points")}</label>
        <input id="by-points" type="text" inputMode="decimal" autocomplete="off" placeholder={fieldText(0n, program.decimals)} value={text} onInput={(event) => typed(event.currentTarget.value)} />
        <button type="button" onClick={() => {
          setText(fieldText(worthOf(most, pays), program.decimals));
          become(most);
        }}>{_("All: {amount}", { amount: money(worthOf(most, pays), program.currency, program.decimals) })}</button>
        {cart.points > 0 && <button type="button" class="plain-button" aria-label={_("Do not pay with points")} onClick={() => become(0)}><Icon name="x" /></button>}
      </div>
      {cart.points > 0 ? <p class="hint" role="status"><strong>−{money(worth, program.currency, program.decimals)}</strong> · {points(cart.points, pays.unit)}</p> : pays.min > 1 && <p class="hint">{_("From {least}", { least: points(pays.min, pays.unit) })}</p>}
    </section>
  );
}

export function Coupons(): JSX.Element | null {
  const { cart, quote, net } = useTill();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const { currency, decimals, has_cards, has_coupons } = facts().program;
  if (!has_coupons && !has_cards && !cart.coupons.length && !cart.cards.length) return null;
  const title = !has_cards ? _("Coupon") : has_coupons ? _("Coupon or gift card") : _("Gift card");
  const shares = cardShares(cart, due());

  async function add(event: Event): Promise<void> {
    event.preventDefault();
    const told = code.trim();
    if (!told || cart.coupons.includes(told)) return;
    setProblem("");
    if (cardCode(told)) {
      set({ card: cardCode(told) });
      setCode("");
      return;
    }
    const refused = await addCoupon(told);
    if (refused) setProblem(refused);
    else setCode("");
  }

  function drop(gone: string): void {
    set({ cart: { ...get().cart, coupons: get().cart.coupons.filter((each) => each !== gone) } });
    keepCart();
  }

  function leave(gone: string): void {
    set({ cart: { ...get().cart, cards: get().cart.cards.filter((each) => each.code !== gone) } });
    keepCart();
  }

  const used = (told: string): UsedCoupon | undefined => quote?.answer.coupons.find((each) => plain(each.code) === plain(told));
  return (
    <section class="card" aria-label={title}>
      <h2>{title}</h2>
      {cart.coupons.length + cart.cards.length > 0 && (
        <ul class="lines">
          {cart.coupons.map((each) => (
            <li key={each}><Icon name="discount" /><span class="grow">{each}</span>
              {used(each)?.discount && <strong>−{money(minorOf(used(each)!.discount!, decimals), currency, decimals)}</strong>}
              <button type="button" class="plain-button" aria-label={_("Take the coupon out")} onClick={() => drop(each)}><Icon name="x" /></button></li>
          ))}
          {cart.cards.map((each, place) => (
            <li key={each.code}><Icon name="gift" /><span class="grow">{_("Gift card …{ends}", { ends: each.code.slice(-4) })}</span>
              <strong>−{money(shares[place]!, currency, decimals)}</strong>
              <button type="button" class="plain-button" aria-label={_("Take the gift card out")} onClick={() => leave(each.code)}><Icon name="x" /></button></li>
          ))}
        </ul>
      )}
      {net === "off" ? <p class="hint">{has_cards ? _("Coupons and gift cards need the network.") : _("Coupons need the network.")}</p> : (
        <form class="with-button" onSubmit={(event) => void add(event)}>
          <label class="hidden" for="coupon">{title}</label>
          <input id="coupon" type="text" autocomplete="off" autocapitalize="characters" spellcheck={false} placeholder={_("Code")} value={code} onInput={(event) => setCode(event.currentTarget.value)} />
          <button disabled={!code.trim()}>{_("Use")}</button>
        </form>
      )}
      {problem && <p class="problem" role="alert">{problem}</p>}
    </section>
  );
}

function plain(code: string): string {
  return code.replace(/[\s-]/g, "").toUpperCase();
}
