/** What this till did lately: each sale leads to its receipt, and to taking goods back. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { now } from "../keeping/clock";
import { money } from "../money";
import type { Item, RedemptionAnswer } from "../model";
import { facts, set, useTill } from "../state";
import { _, language } from "../texts";
import { Icon, priceText } from "./parts";
import { shortName } from "./receipt";

export function stateText(item: Item): string {
  if (item.state === "waiting") return _("Waits");
  if (item.state === "refused") return _("Refused");
  const answer = item.answer as { status?: string } | undefined;
  return answer?.status === "queued" ? _("A manager looks at it") : _("Told");
}

export function kindText(item: Item): string {
  if (item.kind === "sale") return _("Sale");
  if (item.kind === "return") return _("Return");
  return item.kind === "enrol" ? _("New member") : (item.about.title ?? _("Redemption"));
}

export function whatText(item: Item): string {
  const { currency, decimals } = facts().program;
  if (item.about.amount) return money(BigInt(item.about.amount), currency, decimals);
  const granted = item.kind === "redemption" && !item.hand_over ? (item.answer as RedemptionAnswer | undefined) : undefined;
  const code = granted?.code_kind === "coupon" ? granted.code : null;
  return [item.about.points && priceText(item.about.points), code].filter(Boolean).join(" · ");
}

export function Today(): JSX.Element {
  const { items } = useTill();
  const { currency, decimals, zone } = facts().program;
  const [wanted, setWanted] = useState("");
  const day = (when: Date): string => when.toLocaleDateString("en-CA", { timeZone: zone });
  const today = day(now());
  const shown = items.filter((item) => item.state !== "dropped" && (wanted.trim() ? matches(item, wanted) : day(new Date(item.made + item.skew)) === today));
  const sales = shown.filter((item) => item.kind === "sale" && item.state !== "refused");
  const sum = sales.reduce((all, item) => all + BigInt(item.about.amount ?? "0"), 0n);
  return (
    <main class="list-screen">
      <header class="list-head">
        <h1>{wanted.trim() ? _("Found on this till") : _("Today on this till")}</h1>
        <p class="quiet">{_("Sales: {count} · {amount}", { count: sales.length, amount: money(sum, currency, decimals) })}</p>
        <div class="grow" />
        <label class="hidden" for="wanted">{_("Find a sale")}</label>
        <input id="wanted" type="search" placeholder={_("Find: number, member, amount")} value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
        <button type="button" onClick={() => set({ screen: "return", returning: {} })}><Icon name="arrow-back" /> {_("Take goods back")}</button>
      </header>
      {shown.length ? (
        <ul class="rows">
          {shown.map((item) => (
            <li key={item.id}>
              <span class="quiet time">{new Date(item.made + item.skew).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", timeZone: zone })}</span>
              <span class="grow"><strong>{kindText(item)}</strong> {item.about.member?.name}<br /><small class="quiet">{shortName(item)} · {item.by.name}</small></span>
              <span class="what">{whatText(item)}</span>
              <span class={`tag ${item.state}`}>{stateText(item)}</span>
              <span class="row-actions">
                {item.kind === "sale" && <button type="button" onClick={() => set({ receipt: item, screen: "receipt" })}>{_("Receipt")}</button>}
                {item.kind === "sale" && item.state !== "refused" && <button type="button" onClick={() => set({ returning: { item }, screen: "return" })}>{_("Return")}</button>}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <div class="empty"><Icon name="list" /><p>{wanted.trim() ? _("Nothing like that on this till.") : _("Nothing yet today. What you record is listed here.")}</p></div>
      )}
    </main>
  );
}

function matches(item: Item, wanted: string): boolean {
  const text = `${item.body["external_id"] ?? item.id} ${shortName(item)} ${item.about.member?.name ?? ""} ${whatText(item)}`.toLowerCase();
  return text.includes(wanted.trim().toLowerCase());
}
