/** The receipt: what was bought and earned and why, to show and to print, with the way to join. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { newSale } from "../actions";
import { minorOf, money, number } from "../money";
import type { Item, SaleAnswer } from "../model";
import { barsOf, numberOf } from "../numbers";
import { facts, set, useTill } from "../state";
import { _, language } from "../texts";
import { Icon, points } from "./parts";

/** The number of a sale that a person can read out. */
export function shortName(item: Item): string {
  return numberOf(String(item.body["external_id"] ?? item.id));
}

export function Receipt(): JSX.Element | null {
  const { receipt, items } = useTill();
  const item = items.find((each) => each.id === receipt?.id) ?? receipt;

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape" || (event.key === "Enter" && !(event.target as HTMLElement).closest("button"))) newSale();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  if (!item) return null;
  const answer = item.answer as SaleAnswer | undefined;
  return (
    <main class="receipt-screen">
      <div class="done">
        {item.state === "refused" ? (
          <p class="verdict bad"><Icon name="warning" /> {_("The sale was refused: {why}", { why: item.problem?.detail ?? "" })}</p>
        ) : answer ? (
          <p class="verdict"><Icon name="check" /> {_("The sale is recorded.")}</p>
        ) : (
          <p class="verdict waits"><Icon name="cloud-up" /> {_("Kept on this till. It is told when the network is back.")}</p>
        )}
        {answer && answer.messages.length > 0 && <ul class="say" aria-label={_("To say")}>{answer.messages.slice(0, 2).map((text) => <li key={text}><Icon name="message" /> {text}</li>)}</ul>}
        <div class="actions">
          <button type="button" class="primary" onClick={newSale} ref={(button) => button?.focus()}>{_("Next sale")}</button>
          <button type="button" onClick={() => print()}><Icon name="printer" /> {_("Print")}</button>
          {item.state === "refused" && <button type="button" onClick={() => set({ screen: "waiting" })}>{_("What to do")}</button>}
        </div>
      </div>
      <Slip item={item} />
    </main>
  );
}

function Slip({ item }: { item: Item }): JSX.Element {
  const { program, device, join, pays } = facts();
  const show = (minor: bigint): string => money(minor, program.currency, program.decimals);
  const answer = item.answer as SaleAnswer | undefined;
  const at = new Date(item.made + item.skew);
  const amount = BigInt(item.about.amount ?? "0");
  const earned = Object.entries(answer?.earned ?? {}).filter(([, many]) => many > 0);
  const paid = pays ? (item.about.points?.[pays.unit] ?? 0) : 0;
  const worth = pays ? (BigInt(paid) * BigInt(pays.worth[0])) / BigInt(pays.worth[1]) : 0n;
  const cards = item.about.cards ?? [];
  const name = shortName(item);
  const bars = barsOf(name);
  return (
    <article class="slip" aria-label={_("Receipt")}>
      <h2>{program.name}</h2>
      <p class="quiet">{device.store || device.name} · {at.toLocaleString(language, { dateStyle: "medium", timeStyle: "short", timeZone: program.zone })}<br />{_("Sale {name} · {cashier}", { name, cashier: item.by.name })}</p>
      {item.about.lines && item.about.lines.length > 0 && (
        <table><tbody>{item.about.lines.map((line, place) => <tr key={place}><td>{line.quantity !== "1" && `${line.quantity} × `}{line.name || _("Article")}</td><td>{show(BigInt(line.amount))}</td></tr>)}</tbody></table>
      )}
      <p class="line total"><span>{_("Total")}</span><strong>{show(amount)}</strong></p>
      {paid > 0 && <p class="line"><span>{points(paid, pays!.unit)}</span><span>−{show(worth)}</span></p>}
      {cards.map((card) => <p key={card.ends} class="line"><span>{_("Gift card …{ends}", { ends: card.ends })}</span><span>−{show(minorOf(card.amount, program.decimals))}</span></p>)}
      {(paid > 0 || cards.length > 0) && <p class="line"><span>{_("Paid in money")}</span><strong>{show(cards.reduce((left, card) => left - minorOf(card.amount, program.decimals), amount - worth))}</strong></p>}
      {item.about.member ? (
        <section>
          <p class="line"><span>{item.about.member.name || _("Member")}</span>{earned.length > 0 && <strong>+ {earned.map(([unit, many]) => points(many, unit)).join(" + ")}</strong>}</p>
          {answer ? (
            <>
              <ul class="why">{answer.explanation.map((line, place) => <li key={place}><span>{line.text}</span><span>{number(line.points)}</span></li>)}</ul>
              {answer.rewards.map((each) => <p key={each.id} class="line"><span>{_("Given: {reward}", { reward: facts().rewards.find((reward) => reward.id === each.reward)?.name ?? each.reward })}</span><strong>{each.code}</strong></p>)}
              {Object.entries(answer.balances).filter(([, balance]) => balance.available > 0).map(([unit, balance]) => <p key={unit} class="line"><span>{_("You have now")}</span><strong>{points(balance.available, unit)}</strong></p>)}
            </>
          ) : (
            <p class="quiet">{_("Your points for this purchase are counted as soon as our network is back.")}</p>
          )}
        </section>
      ) : (
        <section class="join">
          <svg viewBox={`-2 -2 ${join.size + 4} ${join.size + 4}`} role="img" aria-label={_("QR to join")} shape-rendering="crispEdges"><rect x="-2" y="-2" width={join.size + 4} height={join.size + 4} fill="#fff" /><path d={join.path} fill="#000" /></svg>
          <p>{_("Collect with every purchase. Join here:")}<br /><small>{join.url.replace(/^https?:\/\//, "")}</small></p>
        </section>
      )}
      {bars && <svg class="bars" viewBox={`0 0 ${bars.width} 1`} preserveAspectRatio="none" role="img" aria-label={_("Sale {name}", { name })}><path d={bars.path} fill="#000" /></svg>}
    </article>
  );
}
