/** The till: what is shown when. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { lock } from "../session";
import { facts, set, useTill, type Screen } from "../state";
import { _ } from "../texts";
import type { IconName } from "./icons";
import { Icon, useLoaded } from "./parts";
import { Receipt } from "./receipt";
import { Return } from "./returning";
import { Sell } from "./sell";
import { SignIn } from "./sign_in";
import { Today } from "./today";
import { Waiting } from "./waiting";

export function App(): JSX.Element | null {
  const { ready, key, facts: known, session, shutOut, entering, notice } = useTill();
  useEffect(() => {
    if (!known) return;
    const style = document.documentElement.style;
    style.setProperty("--brand", known.program.color);
    style.setProperty("--on-brand", known.program.on_color);
    style.setProperty("--ink-day", known.program.ink);
    style.setProperty("--ink-night", known.program.ink_at_night);
    document.querySelector("meta[name=theme-color]")?.setAttribute("content", known.program.color);
    document.title = `${_("Till")} · ${known.program.name}`;
  }, [known]);
  if (!ready) return null;
  return (
    <>
      {key === null || !known || shutOut || entering ? <Pair /> : session ? <Frame /> : <SignIn />}
      <div class="notices" aria-live="polite">{notice && <p class={`notice ${notice.tone}`}>{notice.text}</p>}</div>
    </>
  );
}

/** Letting a device in needs the network: it is loaded only then. */
function Pair(): JSX.Element | null {
  const [failed, setFailed] = useState(false);
  const loaded = useLoaded(() => import("./pair"), () => setFailed(true));
  if (failed) return <main class="alone"><div class="card"><h1>{_("Connect this till")}</h1><p>{_("This needs the network.")}</p></div></main>;
  return loaded && <loaded.Pair />;
}

function Frame(): JSX.Element {
  const { screen, session, net, items } = useTill();
  const waiting = items.filter((item) => item.state === "waiting").length;
  const refused = items.filter((item) => item.state === "refused").length;
  const links: { screen: Screen; icon: IconName; text: string }[] = [
    { screen: "sell", icon: "cash-register", text: _("Sell") },
    { screen: "today", icon: "list", text: _("Today") },
    { screen: "waiting", icon: "cloud-up", text: _("Waiting") },
  ];
  const here = screen === "receipt" ? "sell" : screen === "return" ? "today" : screen;
  return (
    <div class="frame">
      <header class="bar">
        <strong class="brand">{facts().program.name}</strong>
        <nav aria-label={_("Till")}>
          {links.map((link) => (
            <button key={link.screen} type="button" aria-current={here === link.screen ? "page" : undefined} onClick={() => set({ screen: link.screen })}>
              <Icon name={link.icon} /> <span>{link.text}</span>
              {link.screen === "waiting" && waiting + refused > 0 && <span class={refused ? "count bad" : "count"}>{waiting + refused}</span>}
            </button>
          ))}
        </nav>
        <Net />
        <button type="button" class="who" onClick={() => void lock()} aria-label={_("Lock the till ({name})", { name: session!.cashier.name })}>
          <Icon name="lock" /> <span>{session!.cashier.name}</span>
        </button>
      </header>
      {net === "off" && <p class="offline" role="status"><Icon name="wifi-off" /> {waiting ? _("No network. Go on: all is kept and told later. Waiting: {count}", { count: waiting }) : _("No network. Go on: all is kept and told later.")}</p>}
      {screen === "sell" && <Sell />}
      {screen === "receipt" && <Receipt />}
      {screen === "today" && <Today />}
      {screen === "waiting" && <Waiting />}
      {screen === "return" && <Return />}
    </div>
  );
}

function Net(): JSX.Element | null {
  const { net } = useTill();
  if (net === "on") return null;
  return <span class={`net ${net}`}>{net === "slow" ? _("Slow network") : _("No network")}</span>;
}
