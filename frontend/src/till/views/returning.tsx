/** Goods come back: the sale is found, then taken back whole, by lines or by an amount. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { find, reasonOf, takeBack, type Found, type GivenBack } from "../actions";
import { NoAnswer, Refused } from "../api";
import { decimalOf, minorOf, money, typedAmount, typedQuantity } from "../money";
import type { Item, Problem, ReturnAnswer, SaleAnswer } from "../model";
import { askAs } from "../session";
import { facts, set, useTill } from "../state";
import { _, language } from "../texts";
import { Approve } from "./approve";
import { Icon, points } from "./parts";
import { shortName } from "./receipt";

interface Entry {
  activity: string | null;
  kind: string | null;
  external_id: string | null;
  occurred_at: string;
  text: string;
}

export function Return(): JSX.Element {
  const { returning } = useTill();
  const isChosen = Boolean(returning?.item ?? returning?.sale);
  return (
    <main class="list-screen">
      <header class="list-head">
        <h1>{_("Take goods back")}</h1>
        <div class="grow" />
        <button type="button" onClick={() => set(isChosen ? { returning: {} } : { screen: "today", returning: null })}>{_("Back")}</button>
      </header>
      {isChosen ? <Chosen item={returning?.item} sale={returning?.sale} /> : <FindSale />}
    </main>
  );
}

function FindSale(): JSX.Element {
  const { items, net } = useTill();
  const [text, setText] = useState("");
  const [people, setPeople] = useState<Found[]>([]);
  const [bought, setBought] = useState<Entry[] | null>(null);
  const [problem, setProblem] = useState("");
  const wanted = text.trim().toLowerCase();
  const here = items.filter((item) => item.kind === "sale" && item.state !== "refused" && item.state !== "dropped" && (!wanted || `${item.body["external_id"]} ${shortName(item)} ${item.about.member?.name ?? ""}`.toLowerCase().includes(wanted))).slice(0, 8);
  const show = (item: Item): string => money(BigInt(item.about.amount ?? "0"), facts().program.currency, facts().program.decimals);

  async function look(event: Event): Promise<void> {
    event.preventDefault();
    setProblem("");
    setBought(null);
    try {
      const byName = await askAs<{ data: SaleAnswer[] }>(`/v1/sales?external_id=${encodeURIComponent(text.trim())}`);
      if (byName.data[0]) set({ returning: { sale: byName.data[0] } });
      else {
        const found = await find(text.trim(), new AbortController().signal);
        setPeople(found);
        if (!found.length) setProblem(_("There is no such sale and no such member."));
      }
    } catch (error) {
      setProblem(error instanceof Refused ? error.problem.detail : _("Without a network only the sales of this till are found."));
    }
  }

  async function purchases(who: Found): Promise<void> {
    try {
      const page = await askAs<{ data: Entry[] }>(`/v1/members/${who.id}/ledger?limit=60`);
      const seen = new Set<string>();
      setBought(page.data.filter((entry) => entry.kind === "sale" && entry.activity && !seen.has(entry.activity) && seen.add(entry.activity)));
    } catch (error) {
      setProblem(error instanceof Refused ? error.problem.detail : _("This needs the network."));
    }
  }

  async function take(id: string): Promise<void> {
    try {
      set({ returning: { sale: await askAs<SaleAnswer>(`/v1/sales/${id}`) } });
    } catch (error) {
      setProblem(error instanceof Refused ? error.problem.detail : _("This needs the network."));
    }
  }

  return (
    <>
      <form class="card" onSubmit={(event) => void look(event)}>
        <label for="find-sale">{_("Number of the sale, or the member")}</label>
        <div class="with-button">
          <input id="find-sale" class="big" type="text" autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
          <button disabled={net === "off" || text.trim().length < 2}><Icon name="search" /> {_("Find")}</button>
        </div>
        {problem && <p class="problem" role="alert">{problem}</p>}
        {people.length > 0 && <div class="people small">{people.map((who) => <button key={who.id} type="button" onClick={() => void purchases(who)}>{who.name || who.hint}</button>)}</div>}
      </form>
      {bought !== null && (
        <section><h2>{_("Purchases of the member")}</h2>
          {bought.length ? <ul class="rows">{bought.map((entry) => <li key={entry.activity}><span class="quiet time">{new Date(entry.occurred_at).toLocaleDateString(language, { timeZone: facts().program.zone })}</span><span class="grow">{entry.text}<br /><small class="quiet">{entry.external_id}</small></span><button type="button" onClick={() => void take(entry.activity!)}>{_("Choose")}</button></li>)}</ul> : <p class="hint">{_("No purchase was found.")}</p>}
        </section>
      )}
      <section><h2>{_("Sales of this till")}</h2>
        {here.length ? <ul class="rows">{here.map((item) => <li key={item.id}><span class="quiet time">{new Date(item.made + item.skew).toLocaleString(language, { dateStyle: "short", timeStyle: "short", timeZone: facts().program.zone })}</span><span class="grow">{item.about.member?.name || _("No member")}<br /><small class="quiet">{shortName(item)}</small></span><span class="what">{show(item)}</span><button type="button" onClick={() => set({ returning: { item } })}>{_("Choose")}</button></li>)}</ul> : <p class="hint">{_("None.")}</p>}
      </section>
    </>
  );
}

function Chosen({ item, sale }: { item?: Item | undefined; sale?: SaleAnswer | undefined }): JSX.Element {
  const { currency, decimals } = facts().program;
  const name = String(item ? item.body["external_id"] : sale?.external_id);
  const [known, setKnown] = useState<SaleAnswer | undefined>(sale);
  const gross = item ? BigInt(item.about.amount ?? "0") : minorOf(sale!.gross, decimals);
  const back = (known?.returns ?? []).reduce((sum, each) => sum + minorOf(each.gross, decimals), 0n);
  const left = gross - back;
  const lines = item?.about.lines ?? [];
  const [way, setWay] = useState<"full" | "lines" | "amount">("full");
  const [quantities, setQuantities] = useState<string[]>(lines.map(() => ""));
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Item | null>(null);
  const show = (minor: bigint): string => money(minor, currency, decimals);

  useEffect(() => {
    const id = (item?.answer as SaleAnswer | undefined)?.id;
    if (id) void askAs<SaleAnswer>(`/v1/sales/${id}`).then(setKnown).catch((error: unknown) => {
      if (!(error instanceof NoAnswer) && !(error instanceof Refused)) throw error;
    });
  }, []);

  const typed = typedAmount(amount, decimals);
  const taken = quantities.map((each, place) => ({ line: place + 1, quantity: typedQuantity(each) })).filter((each): each is { line: number; quantity: string } => each.quantity !== null);
  const isReady = way === "full" ? left > 0n : way === "lines" ? taken.length > 0 : typed !== null && typed > 0n && typed <= left;

  async function send(approvedBy?: string): Promise<void> {
    if (busy) return;
    setBusy(true);
    const told: GivenBack = { sale: name, reason, ...(way === "full" ? { full: true } : way === "lines" ? { lines: taken } : { amount: decimalOf(typed ?? 0n, decimals) }) };
    const worth = way === "full" ? left : way === "amount" ? (typed ?? 0n) : null;
    const made = await takeBack(told, { member: item?.about.member ?? null, sale: name, ...(worth === null ? {} : { amount: String(worth) }) }, approvedBy);
    setBusy(false);
    if (made.state === "refused") setProblem(made.problem ?? null);
    else setDone(made);
  }

  if (done) {
    const answer = done.answer as ReturnAnswer | undefined;
    const taken_back = Object.entries(answer?.reversed ?? {}).filter(([, many]) => many);
    const given_back = Object.entries(answer?.restored ?? {}).filter(([, many]) => many);
    return (
      <section class="card">
        <p class={answer ? "verdict" : "verdict waits"}><Icon name={answer ? "check" : "cloud-up"} /> {answer ? _("The goods are taken back.") : _("Kept on this till. It is told when the network is back.")}</p>
        {taken_back.map(([unit, many]) => <p key={unit} class="line"><span>{_("Taken back from the member")}</span><strong>{points(many, unit)}</strong></p>)}
        {given_back.map(([unit, many]) => <p key={unit} class="line"><span>{_("Given back to the member")}</span><strong>{points(many, unit)}</strong></p>)}
        <button type="button" class="primary" onClick={() => set({ screen: "sell", returning: null })}>{_("Done")}</button>
      </section>
    );
  }
  return (
    <section class="card">
      <p class="line"><span>{_("Sale {name}", { name: item ? shortName(item) : name })}{item?.about.member && ` · ${item.about.member.name}`}</span><strong>{show(gross)}</strong></p>
      {back > 0n && <p class="line"><span>{_("Came back before")}</span><span>−{show(back)}</span></p>}
      <div class="tabs" role="group" aria-label={_("What comes back")}>
        <button type="button" aria-pressed={way === "full"} onClick={() => setWay("full")}>{_("All of it")}</button>
        {lines.length > 0 && <button type="button" aria-pressed={way === "lines"} onClick={() => setWay("lines")}>{_("Articles")}</button>}
        <button type="button" aria-pressed={way === "amount"} onClick={() => setWay("amount")}>{_("An amount")}</button>
      </div>
      {way === "full" && <p class="verdict-amount">{show(left)}</p>}
      {way === "amount" && <><label for="back-amount">{_("Worth of what comes back, with tax")}</label><input id="back-amount" class="big" type="text" inputMode="decimal" autocomplete="off" value={amount} onInput={(event) => setAmount(event.currentTarget.value)} aria-invalid={(amount !== "" && !isReady) || undefined} /><p class="hint">{_("At most {amount}", { amount: show(left) })}</p></>}
      {way === "lines" && <ul class="lines">{lines.map((line, place) => <li key={place}><span class="grow">{line.name || _("Article")} <span class="quiet">({line.quantity})</span></span><label class="hidden" for={`back-${place}`}>{_("How many of {name}", { name: line.name || String(place + 1) })}</label><input id={`back-${place}`} class="short" type="text" inputMode="decimal" autocomplete="off" placeholder="0" value={quantities[place]} onInput={(event) => setQuantities(quantities.map((each, other) => (other === place ? event.currentTarget.value : each)))} /></li>)}</ul>}
      <label for="reason">{_("Why (if you like)")}</label>
      <input id="reason" type="text" autocomplete="off" maxLength={200} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      {problem && problem.code !== "cashier_limit" && <p class="problem" role="alert">{reasonOf(new Refused(problem))}</p>}
      <button type="button" class="primary" disabled={!isReady || busy} onClick={() => void send()}>{busy ? _("One moment …") : _("Take back")}</button>
      {problem?.code === "cashier_limit" && <Approve problem={problem} close={() => setProblem(null)} approved={(mark) => {
        setProblem(null);
        void send(mark);
      }} />}
    </section>
  );
}
