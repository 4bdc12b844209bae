/** Who the customer is: found in one field, or enrolled in seconds. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../api";
import { choose, enrol, find, leaveMember, reasonOf, type Found } from "../actions";
import { isSetAside, openShown, pickUpCode } from "../claims";
import { number } from "../money";
import type { Known } from "../model";
import { pointsWaiting } from "../keeping/queue";
import { facts, say, useTill } from "../state";
import { _, language } from "../texts";
import { BalanceLine, Dialog, Icon } from "./parts";
import { Scan } from "./scan";

export function Customer(): JSX.Element {
  const { cart } = useTill();
  return cart.member ? <Card member={cart.member} /> : <Finder />;
}

function Finder(): JSX.Element {
  const { net } = useTill();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found[] | null>(null);
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const [scanning, setScanning] = useState(false);
  const [enrolling, setEnrolling] = useState<string | null>(null);
  const asked = useRef<AbortController | null>(null);
  const taking = useRef("");

  async function look(told: string, take = false): Promise<void> {
    // Enter came before the pause was over: what it asked for goes on.
    if (!take && told && taking.current === told) return;
    taking.current = take ? told : "";
    asked.current?.abort();
    if (told.trim().length < 2) {
      setFound(null);
      return;
    }
    const shown = told.trim();
    if (isSetAside(shown)) {
      setText("");
      setBusy(false);
      await openShown(shown);
      return;
    }
    const mine = (asked.current = new AbortController());
    setBusy(true);
    try {
      const who = await find(shown, mine.signal);
      if (mine.signal.aborted) return;
      if (take && who.length === 1) await choose(who[0]!);
      else if (take && !who.length && (await openShown(shown))) setText("");
      else {
        setFound(who);
        setAt(0);
      }
    } catch (error) {
      if (!mine.signal.aborted && !(error instanceof Refused)) setFound([]);
    } finally {
      if (!mine.signal.aborted) {
        taking.current = "";
        setBusy(false);
      }
    }
  }

  // A keyboard is ready for the next customer; a touch screen keeps its own keyboard away.
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches && document.activeElement === document.body) document.getElementById("find")?.focus();
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => void look(text), 220);
    return () => clearTimeout(timer);
  }, [text]);

  useEffect(() => {
    const scanned = (event: Event): void => {
      const told = (event as CustomEvent<string>).detail;
      setText(told);
      void look(told, true);
    };
    addEventListener("till:scanned", scanned);
    return () => removeEventListener("till:scanned", scanned);
  }, []);

  function onKey(event: JSX.TargetedKeyboardEvent<HTMLInputElement>): void {
    if (event.key === "Enter") {
      event.preventDefault();
      const one = found?.[at];
      if (one) void choose(one);
      else void look(text, true);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => Math.max(0, Math.min((found?.length ?? 1) - 1, now + step)));
    } else if (event.key === "Escape") {
      setText("");
      setFound(null);
    }
  }

  const none = found !== null && !found.length && !busy;
  return (
    <section class="card finder" aria-label={_("Member")}>
      <label for="find">{_("Member")}</label>
      <div class="with-button">
        <span class="inside"><Icon name="search" /></span>
        <input
          id="find" class="big" type="text" inputMode="text" autocomplete="off" autocapitalize="none" spellcheck={false} enterKeyHint="search"
          placeholder={_("Phone, name, card or code")} value={text}
          role="combobox" aria-expanded={Boolean(found?.length)} aria-controls="found" aria-autocomplete="list"
          aria-activedescendant={found?.[at] ? `found-${at}` : undefined}
          onInput={(event) => setText(event.currentTarget.value)} onKeyDown={onKey}
        />
        <button type="button" onClick={() => setScanning(true)} aria-label={_("Scan with the camera")}><Icon name="camera" /></button>
        <button type="button" class="enrol" aria-label={_("Enrol a new member")} onClick={() => setEnrolling(text)}><Icon name="user-plus" /> <span>{_("Enrol")}</span></button>
      </div>
      <ul id="found" role="listbox" aria-label={_("Members found")} class={found?.length ? "found" : "found empty"}>
        {found?.map((one, place) => (
          <li key={one.id} id={`found-${place}`} role="option" aria-selected={place === at} onClick={() => void choose(one)}>
            <span class="initial" aria-hidden="true">{(one.name || "?").slice(0, 1).toUpperCase()}</span>
            <span>{one.name || _("No name")}</span>
            <small>{one.hint}</small>
          </li>
        ))}
      </ul>
      {none && (
        <p class="hint" role="status">
          {net === "off" ? _("This till has not seen such a member. Without a network only those it has seen are found.") : _("Nobody was found.")}{" "}
          {pickUpCode(text) ? (
            <button type="button" class="link" onClick={() => void openShown(text).then(() => setText(""))}>{_("It is the code of a reward")}</button>
          ) : (
            <button type="button" class="link" onClick={() => setEnrolling(text)}>{_("Enrol a new member")}</button>
          )}
        </p>
      )}
      {scanning && (
        <Scan
          close={() => setScanning(false)}
          found={(told) => {
            setScanning(false);
            setText(told);
            void look(told, true);
          }}
        />
      )}
      {enrolling !== null && <Enrol typed={enrolling} close={() => setEnrolling(null)} />}
    </section>
  );
}

function Card({ member }: { member: Known }): JSX.Element {
  const { net, items } = useTill();
  const [waiting, setWaiting] = useState<Record<string, number>>({});
  useEffect(() => void pointsWaiting(member.id).then(setWaiting), [member.id, items]);
  const [scanning, setScanning] = useState(false);
  const { program, tiers } = facts();
  useEffect(() => {
    const scanned = (event: Event): void => void openShown((event as CustomEvent<string>).detail.trim());
    addEventListener("till:scanned", scanned);
    return () => removeEventListener("till:scanned", scanned);
  }, []);
  const tier = member.tier?.id ? (tiers[member.tier.id] ?? member.tier.id) : null;
  const soon = Object.values(member.balances).flatMap((balance) => balance.expiring).filter((each) => each.points > 0 && new Date(each.at).getTime() - Date.now() < 30 * 86_400_000);
  return (
    <section class="card customer" aria-label={_("Member")}>
      <div class="row">
        <span class="initial" aria-hidden="true">{(member.name || "?").slice(0, 1).toUpperCase()}</span>
        <div class="grow">
          <h2>{member.name || _("Member")}</h2>
          {member.local ? <span class="tag">{_("New, waits to be told")}</span> : tier && <span class="tag">{tier}</span>}
        </div>
        <button type="button" class="plain-button" onClick={() => setScanning(true)} aria-label={_("Scan with the camera")}><Icon name="camera" /></button>
        <button type="button" class="plain-button" onClick={leaveMember} aria-label={_("Take the member out of this sale")}><Icon name="x" /></button>
      </div>
      <BalanceLine balances={member.balances} waiting={waiting} />
      {soon[0] && <p class="hint"><Icon name="clock" /> {_("{points} end on {day}", { points: number(soon[0].points), day: new Date(soon[0].at).toLocaleDateString(language, { day: "numeric", month: "long", timeZone: program.zone }) })}</p>}
      {net === "off" && !member.local && <p class="hint"><Icon name="wifi-off" /> {_("As last seen {when}", { when: new Date(member.seen_at).toLocaleString(language, { dateStyle: "short", timeStyle: "short", timeZone: program.zone }) })}</p>}
      {scanning && (
        <Scan
          close={() => setScanning(false)}
          found={(told) => {
            setScanning(false);
            void openShown(told.trim()).then((isOurs) => isOurs || say(_("This is no reward and no code."), "bad"));
          }}
        />
      )}
    </section>
  );
}

function Enrol({ typed, close }: { typed: string; close: () => void }): JSX.Element {
  const isPhone = /^[+\d\s().-]{5,}$/.test(typed.trim());
  const isMail = typed.includes("@");
  const [told, setTold] = useState({
    name: isPhone || isMail ? "" : typed.trim(),
    phone: isPhone ? typed.trim() : "",
    email: isMail ? typed.trim() : "",
    card: "",
    referred_by: "",
  });
  const [agrees, setAgrees] = useState(false);
  const [messages, setMessages] = useState(false);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const field = (name: keyof typeof told) => ({
    id: `enrol-${name}`,
    value: told[name],
    onInput: (event: JSX.TargetedInputEvent<HTMLInputElement>) => setTold({ ...told, [name]: event.currentTarget.value }),
  });
  const isReachable = told.phone.trim() || told.email.trim() || told.card.trim();

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const consents: Record<string, boolean> = { program: true };
    if (told.phone.trim()) Object.assign(consents, { whatsapp: messages, sms: messages });
    if (told.email.trim()) consents["email"] = messages;
    const refused = await enrol({ ...told, consents });
    setBusy(false);
    if (refused) setProblem(reasonOf(refused));
    else close();
  }

  return (
    <Dialog title={_("Enrol a new member")} close={close}>
      <form onSubmit={(event) => void send(event)}>
        <label for="enrol-phone">{_("Phone")}</label>
        <input class="big" type="tel" inputMode="tel" autocomplete="off" {...field("phone")} />
        <label for="enrol-name">{_("Name")}</label>
        <input class="big" type="text" autocomplete="off" {...field("name")} />
        <details>
          <summary>{_("E-mail, card or who recommended us")}</summary>
          <label for="enrol-email">{_("E-mail")}</label>
          <input type="email" autocomplete="off" {...field("email")} />
          <label for="enrol-card">{_("Card number")}</label>
          <input type="text" autocomplete="off" {...field("card")} />
          <label for="enrol-referred_by">{_("Code of who recommended us")}</label>
          <input type="text" autocomplete="off" {...field("referred_by")} />
        </details>
        <label class="check"><input type="checkbox" checked={agrees} onChange={(event) => setAgrees(event.currentTarget.checked)} required /> <span>{_("The customer wants to join and agrees that we keep this data for the program.")}</span></label>
        <label class="check"><input type="checkbox" checked={messages} onChange={(event) => setMessages(event.currentTarget.checked)} /> <span>{_("The customer agrees to get offers from us.")}</span></label>
        {problem && <p class="problem" role="alert">{problem}</p>}
        <button class="primary" disabled={busy || !agrees || !isReachable}>{busy ? _("One moment …") : _("Enrol")}</button>
      </form>
    </Dialog>
  );
}

