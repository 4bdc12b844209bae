/** Goods come back: the sale is found, then taken back whole, by lines or by an amount. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { find, reasonOf, takeBack, type Found, type GivenBack } from "../actions";
import { NoAnswer, Refused } from "../api";
import { decimalOf, minorOf, money, typedAmount, typedQuantity } from "../money";
import type { FoundSale, Item, Problem, ReturnAnswer, SaleAnswer, SaleGlimpse } from "../model";
import { numberOf } from "../numbers";
import { askAs } from "../session";
import { facts, set, useTill } from "../state";
import { _, language } from "../texts";
import { Approve } from "./approve";
import { Icon, points, useLoaded } from "./parts";
import { shortName } from "./receipt";
import { Scan } from "./scan";

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
      {isChosen ? <Chosen item={returning?.item} sale={returning?.sale} /> : <FindSale wanted={returning?.wanted ?? ""} />}
    </main>
  );
}

function FindSale({ wanted: first }: { wanted: string }): JSX.Element {
  const { items, net } = useTill();
  const { currency, decimals, zone } = facts().program;
  const [text, setText] = useState(first);
  const [people, setPeople] = useState<Found[]>([]);
  const [sales, setSales] = useState<SaleGlimpse[] | null>(null);
  const [problem, setProblem] = useState("");
  const [scanning, setScanning] = useState(false);
  const wanted = text.trim().toLowerCase();
  const here = items.filter((item) => item.kind === "sale" && item.state !== "refused" && item.state !== "dropped" && (!wanted || `${item.body["external_id"]} ${shortName(item)} ${item.about.member?.name ?? ""}`.toLowerCase().includes(wanted))).slice(0, 8);
  const time = (at: string | number): string => new Date(at).toLocaleString(language, { dateStyle: "short", timeStyle: "short", timeZone: zone });

  /** Do what needs the network, and say where there is none. */
  async function online(work: () => Promise<void>): Promise<void> {
    setProblem("");
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused || error instanceof NoAnswer)) throw error;
      setProblem(error instanceof Refused ? error.problem.detail : _("Without a network only the sales of this till are found."));
    }
  }

  const look = (told: string): Promise<void> =>
    online(async () => {
      setSales(null);
      setPeople([]);
      const { data } = await askAs<{ data: SaleGlimpse[] }>(`/till/sales?q=${encodeURIComponent(told)}`);
      if (data.length === 1) await take(data[0]!.id);
      else if (data.length) setSales(data);
      else {
        const found = await find(told, new AbortController().signal);
        if (found.length === 1) await purchases(found[0]!);
        else setPeople(found);
        if (!found.length) setProblem(_("There is no such sale and no such member."));
      }
    });

  async function purchases(who: Found): Promise<void> {
    setSales((await askAs<{ data: SaleGlimpse[] }>(`/till/sales?member=${who.id}`)).data);
  }

  async function take(id: string): Promise<void> {
    set({ returning: { sale: await askAs<FoundSale>(`/till/sales/${id}`) } });
  }

  function read(told: string): void {
    setScanning(false);
    setText(told);
    void look(told.trim());
  }

  useEffect(() => {
    const scanned = (event: Event): void => read((event as CustomEvent<string>).detail);
    addEventListener("till:scanned", scanned);
    if (first) void look(first);
    return () => removeEventListener("till:scanned", scanned);
  }, []);

  return (
    <>
      <form class="card" onSubmit={(event) => {
        event.preventDefault();
        void look(text.trim());
      }}>
        <label for="find-sale">{_("Number of the sale, or the member")}</label>
        <div class="with-button">
          <input id="find-sale" class="big" type="text" autocomplete="off" spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
          <button type="button" onClick={() => setScanning(true)} aria-label={_("Scan with the camera")}><Icon name="camera" /></button>
          <button class="enrol" disabled={net === "off" || text.trim().length < 2} aria-label={_("Find")}><Icon name="search" /> <span>{_("Find")}</span></button>
        </div>
        {problem && <p class="problem" role="alert">{problem}</p>}
        {people.length > 0 && <div class="people small">{people.map((who) => <button key={who.id} type="button" onClick={() => void online(() => purchases(who))}>{who.name || who.hint}</button>)}</div>}
      </form>
      {scanning && <Scan close={() => setScanning(false)} found={read} />}
      {sales !== null && (
        <section><h2>{_("Sales of all tills")}</h2>
          {sales.length ? <ul class="rows">{sales.map((sale) => <Row key={sale.id} time={time(sale.at)} who={sale.member ?? ""} what={money(minorOf(sale.gross, decimals), currency, decimals)} more={[sale.external_id ? numberOf(sale.external_id) : "", sale.store].filter(Boolean).join(" · ")} choose={() => void online(() => take(sale.id))} />)}</ul> : <p class="hint">{_("No purchase was found.")}</p>}
        </section>
      )}
      {sales === null && <section><h2>{_("Sales of this till")}</h2>
        {here.length ? <ul class="rows">{here.map((item) => <Row key={item.id} time={time(item.made + item.skew)} who={item.about.member?.name || _("No member")} what={money(BigInt(item.about.amount ?? "0"), currency, decimals)} more={shortName(item)} choose={() => set({ returning: { item } })} />)}</ul> : <p class="hint">{_("None.")}</p>}
      </section>}
    </>
  );
}

function Row({ time, who, what, more, choose }: { time: string; who: string; what: string; more: string; choose: () => void }): JSX.Element {
  return <li><span class="quiet time">{time}</span><span class="grow">{who}{who && <br />}<small class="quiet">{more}</small></span><span class="what">{what}</span><button type="button" onClick={choose}>{_("Choose")}</button></li>;
}

interface Line {
  name: string;
  quantity: string;
  left?: string;
}

function Chosen({ item, sale }: { item?: Item | undefined; sale?: FoundSale | undefined }): JSX.Element {
  const [known, setKnown] = useState<FoundSale | undefined>(sale);
  const { currency, decimals } = known ?? facts().program;
  const name = String(item ? item.body["external_id"] : sale?.external_id);
  const gross = known ? minorOf(known.gross, decimals) : BigInt(item?.about.amount ?? "0");
  const left = known ? minorOf(known.left, decimals) : gross;
  const lines: Line[] = known?.lines ?? item?.about.lines ?? [];
  const isByLines = lines.length > 1 || lines.some((line) => line.name || line.quantity !== "1");
  const [way, setWay] = useState<"full" | "lines" | "amount">("full");
  const [quantities, setQuantities] = useState<Record<number, string>>({});
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<Item | null>(null);
  // An answer that comes late is shown as soon as it is there.
  const { items } = useTill();
  const done = items.find((each) => each.id === made?.id) ?? made;
  const show = (minor: bigint): string => money(minor, currency, decimals);
  const who = item ? item.about.member?.name : sale?.member;
  const id = known?.id ?? (item?.answer as SaleAnswer | undefined)?.id;

  // What came back elsewhere, and what this return leaves, only the server knows.
  useEffect(() => {
    if (id && (!sale || done)) void askAs<FoundSale>(`/till/sales/${id}`).then(setKnown).catch((error: unknown) => {
      if (!(error instanceof NoAnswer) && !(error instanceof Refused)) throw error;
    });
  }, [done?.state]);

  const typed = typedAmount(amount, decimals);
  const taken = lines.map((_line, place) => ({ line: place + 1, quantity: typedQuantity(quantities[place] ?? "") })).filter((each): each is { line: number; quantity: string } => each.quantity !== null);
  const isReady = left > 0n && (way === "full" || (way === "lines" ? taken.length > 0 : typed !== null && typed > 0n && typed <= left));

  async function send(approvedBy?: string): Promise<void> {
    if (busy) return;
    setBusy(true);
    const told: GivenBack = { sale: name, ...(id ? { id } : {}), reason, ...(way === "full" ? { full: true } : way === "lines" ? { lines: taken } : { amount: decimalOf(typed ?? 0n, decimals) }) };
    const worth = way === "full" ? left : way === "amount" ? (typed ?? 0n) : null;
    const made = await takeBack(told, { member: item?.about.member ?? (sale?.member ? { id: "", name: sale.member } : null), sale: name, ...(worth === null ? {} : { amount: String(worth) }) }, approvedBy);
    setBusy(false);
    if (made.state === "refused") setProblem(made.problem ?? null);
    else setMade(made);
  }

  const toCards = known && minorOf(known.due_to_cards, decimals) > 0n && <ToCards sale={known} given={setKnown} />;

  if (done) {
    const answer = done.answer as ReturnAnswer | undefined;
    const taken_back = Object.entries(answer?.reversed ?? {}).filter(([, many]) => many);
    const given_back = Object.entries(answer?.restored ?? {}).filter(([, many]) => many);
    return (
      <section class="card">
        {done.state === "refused" && done.problem ? <p class="verdict bad"><Icon name="warning" /> {reasonOf(new Refused(done.problem))}</p> :
        <p class={answer ? "verdict" : "verdict waits"}><Icon name={answer ? "check" : "cloud-up"} /> {answer ? _("The goods are taken back.") : _("Kept on this till. It is told when the network is back.")}</p>}
        {answer?.gross && <p class="line"><span>{_("Worth of what came back")}</span><strong>{money(minorOf(answer.gross, facts().program.decimals), facts().program.currency, facts().program.decimals)}</strong></p>}
        {taken_back.map(([unit, many]) => <p key={unit} class="line"><span>{_("Taken back from the member")}</span><strong>{points(many, unit)}</strong></p>)}
        {given_back.map(([unit, many]) => <p key={unit} class="line"><span>{_("Given back to the member")}</span><strong>{points(many, unit)}</strong></p>)}
        {toCards}
        <button type="button" class="primary" onClick={() => set({ screen: "sell", returning: null })}>{_("Done")}</button>
      </section>
    );
  }
  return (
    <section class="card">
      <p class="line"><span>{_("Sale {name}", { name: item ? shortName(item) : sale?.external_id ? numberOf(name) : "" })}{who && ` · ${who}`}</span><strong>{show(gross)}</strong></p>
      {left < gross && <p class="line"><span>{_("Came back before")}</span><span>−{show(gross - left)}</span></p>}
      {known?.cards.map((card) => <p key={card.ends} class="line"><span>{_("Gift card …{ends}", { ends: card.ends })}</span><span>{show(minorOf(card.paid, decimals))}</span></p>)}
      {toCards}
      <div class="tabs" role="group" aria-label={_("What comes back")}>
        <button type="button" aria-pressed={way === "full"} onClick={() => setWay("full")}>{_("All of it")}</button>
        {isByLines && <button type="button" aria-pressed={way === "lines"} onClick={() => setWay("lines")}>{_("Articles")}</button>}
        <button type="button" aria-pressed={way === "amount"} onClick={() => setWay("amount")}>{_("An amount")}</button>
      </div>
      {way === "full" && <p class="verdict-amount">{show(left)}</p>}
      {way === "amount" && <><label for="back-amount">{_("Worth of what comes back, with tax")}</label><input id="back-amount" class="big" type="text" inputMode="decimal" autocomplete="off" value={amount} onInput={(event) => setAmount(event.currentTarget.value)} aria-invalid={(amount !== "" && !isReady) || undefined} /><p class="hint">{_("At most {amount}", { amount: show(left) })}</p></>}
      {way === "lines" && <ul class="lines">{lines.map((line, place) => <li key={place}><span class="grow">{line.name || _("Article")} <span class="quiet">({line.left && line.left !== line.quantity ? _("{left} of {quantity}", { left: line.left, quantity: line.quantity }) : line.quantity})</span></span><label class="hidden" for={`back-${place}`}>{_("How many of {name}", { name: line.name || String(place + 1) })}</label><input id={`back-${place}`} class="short" type="text" inputMode="decimal" autocomplete="off" placeholder="0" disabled={line.left === "0"} value={quantities[place] ?? ""} onInput={(event) => setQuantities({ ...quantities, [place]: event.currentTarget.value })} /></li>)}</ul>}
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

function ToCards(told: { sale: FoundSale; given: (sale: FoundSale) => void }): JSX.Element | null {
  const loaded = useLoaded(() => import("./cards"), () => undefined);
  return loaded && <loaded.ToCards {...told} />;
}
