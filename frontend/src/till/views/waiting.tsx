/** What waits to be told, what was told, what was refused, and what to do about it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { letGo, tryAgain } from "../actions";
import { deliverNow } from "../deliver";
import type { Item, Problem } from "../model";
import { look } from "../net";
import { facts, get, useTill } from "../state";
import { _, language } from "../texts";
import { Approve } from "./approve";
import { Icon } from "./parts";
import { kindText, stateText, whatText } from "./today";

export function Waiting(): JSX.Element {
  const { items, net } = useTill();
  const waiting = items.filter((item) => item.state === "waiting").reverse();
  const refused = items.filter((item) => item.state === "refused");
  const queued = items.filter((item) => item.state === "done" && (item.answer as { status?: string } | undefined)?.status === "queued");
  const told = items.filter((item) => item.state === "done" && item.offline && !queued.includes(item)).slice(0, 20);
  const nothing = !waiting.length && !refused.length && !queued.length && !told.length;
  return (
    <main class="list-screen">
      <header class="list-head">
        <h1>{_("Waiting to be told")}</h1>
        <p class="quiet">{net === "off" ? _("There is no network. All of this is kept on this device, also when it is turned off.") : _("There is a network: what waits is told in order.")}</p>
        <div class="grow" />
        <button type="button" onClick={() => void look().then(deliverNow)}><Icon name="cloud-up" /> {_("Try now")}</button>
      </header>
      {nothing && <div class="empty"><Icon name="check" /><p>{_("Everything has been told. Without a network, what you do waits here.")}</p></div>}
      {refused.length > 0 && <Group title={_("Refused: look at these")}>{refused.map((item) => <Refusal key={item.id} item={item} />)}</Group>}
      {waiting.length > 0 && <Group title={_("Waits, in this order")}>{waiting.map((item) => <Row key={item.id} item={item} />)}</Group>}
      {queued.length > 0 && <Group title={_("A manager looks at these, in the console under Tills")}>{queued.map((item) => <Row key={item.id} item={item} />)}</Group>}
      {told.length > 0 && <Group title={_("Told since the network is back")}>{told.map((item) => <Row key={item.id} item={item} />)}</Group>}
    </main>
  );
}

function Group({ title, children }: { title: string; children: JSX.Element[] }): JSX.Element {
  return <section><h2>{title}</h2><ul class="rows">{children}</ul></section>;
}

function Row({ item }: { item: Item }): JSX.Element {
  const answer = item.answer as { overspent?: Record<string, number> | null; offline?: { clock: string } | null } | undefined;
  return (
    <li>
      <span class="quiet time">{new Date(item.made + item.skew).toLocaleString(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: facts().program.zone })}</span>
      <span class="grow">
        <strong>{kindText(item)}</strong> {item.about.member?.name}
        {answer?.overspent && <><br /><small class="bad">{_("More than the member had: the rest is owed.")}</small></>}
        {answer?.offline?.clock === "server" && <><br /><small class="quiet">{_("This till's clock was wrong: the server's time counts.")}</small></>}
      </span>
      <span class="what">{whatText(item)}</span>
      <span class={`tag ${item.state}`}>{stateText(item)}</span>
    </li>
  );
}

/** What a refusal means here, and what can be done about it. */
function Refusal({ item }: { item: Item }): JSX.Element {
  const { session } = useTill();
  const [approving, setApproving] = useState<Problem | null>(null);
  const { problem } = item;
  const body = item.body as { points_payment?: unknown; coupons?: unknown; member?: unknown };
  const without = (...names: string[]): Record<string, unknown> => Object.fromEntries(Object.entries(item.body).filter(([name]) => !names.includes(name)));
  const about = { ...item.about };
  return (
    <li class="refusal">
      <span class="grow">
        <strong>{kindText(item)}</strong> {item.about.member?.name} · {whatText(item)}<br />
        <span class="bad">{problem?.detail}</span>
        {problem?.errors?.map((each) => <><br /><small>{each.detail}</small></>)}
        <br /><small class="quiet">{new Date(item.made + item.skew).toLocaleString(language, { dateStyle: "short", timeStyle: "short", timeZone: facts().program.zone })} · {item.by.name}</small>
      </span>
      <span class="row-actions">
        {problem?.code === "cashier_limit" && <button type="button" class="primary" onClick={() => setApproving(problem)}>{_("Ask for approval")}</button>}
        {problem?.code === "cashier_needed" && session && <button type="button" class="primary" onClick={() => void tryAgain(item, { by: session.by, offline: true })}>{_("Send it as mine")}</button>}
        {item.kind === "sale" && body.points_payment !== undefined && problem?.code === "insufficient_points" && (
          <button type="button" onClick={() => {
            delete about.points;
            void tryAgain(item, { body: without("points_payment"), about });
          }}>{_("Record it without the points")}</button>
        )}
        {item.kind === "sale" && body.coupons !== undefined && problem?.code !== "insufficient_points" && <button type="button" onClick={() => void tryAgain(item, { body: without("coupons", "cart", "before_coupons") })}>{_("Record it without the coupon")}</button>}
        {item.kind === "sale" && body.member !== undefined && problem?.code === "not_found" && <button type="button" onClick={() => void tryAgain(item, { body: without("member", "points_payment", "coupons", "cart", "before_coupons"), about: { ...about, member: null } })}>{_("Record it without the member")}</button>}
        <button type="button" onClick={() => void tryAgain(item)}>{_("Try again")}</button>
        <button type="button" class="plain-button" onClick={() => {
          if (confirm(_("Let go of this for good? It will not be recorded."))) void letGo(item);
        }}>{_("Discard")}</button>
      </span>
      {approving && <Approve problem={approving} close={() => setApproving(null)} approved={(mark) => {
        setApproving(null);
        void tryAgain(item, { approval: mark, by: get().session?.by ?? item.by });
      }} />}
    </li>
  );
}
