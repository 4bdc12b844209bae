/** A device that is not let in yet: it asks for the code that the console shows. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { NoAnswer, Refused } from "../api";
import { StillWaiting, pairDevice } from "../pairing";
import { signIn } from "../session";
import { get, say, set, useTill } from "../state";
import { _ } from "../texts";
import { Icon } from "./parts";
import { Scan } from "./scan";

/** The code in what was scanned or opened: the console's QR leads to this page with it. */
function codeIn(text: string): string {
  const match = /[#?&]code=([^&]+)/.exec(text);
  return match ? decodeURIComponent(match[1]!) : text;
}

export function Pair(): JSX.Element {
  const { shutOut } = useTill();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [scanning, setScanning] = useState(false);

  async function pair(told: string): Promise<void> {
    setBusy(true);
    setProblem("");
    try {
      await pairDevice(told);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof NoAnswer || error instanceof StillWaiting)) throw error;
      const text = error instanceof Refused ? error.problem.detail : error instanceof NoAnswer ? _("The server does not answer. Check the network, then try again.") : _("Something here waits to be told. Tell it first, then connect this device anew.");
      setProblem(text);
      // What was connected before goes on as it is.
      if (get().key !== null && !get().shutOut) say(text, "bad");
    } finally {
      setBusy(false);
    }
  }

  useEffect(() => {
    if (!/[#&]code=/.test(location.hash)) return;
    const told = new URLSearchParams(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    void pair(told.get("code") ?? "").then(async () => {
      // The demo steps in with one click: its cashier signs in at once.
      const cashier = get().facts?.cashiers.find((each) => each.id === told.get("cashier"));
      if (cashier && told.get("pin") && !get().session) await signIn(cashier, told.get("pin")!);
      if (get().key !== null && get().facts) set({ entering: false });
    });
  }, []);

  return (
    <main class="alone">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void pair(code);
        }}
      >
        <h1>{shutOut ? _("This till was disconnected") : _("Connect this till")}</h1>
        <p>
          {shutOut
            ? _("Somebody revoked it in the console. What it has not told yet is kept: connect it again, and it is sent.")
            : _("In the console, open Tills, add this till and type the code that is shown, or scan its QR.")}
        </p>
        <label for="code">{_("Code")}</label>
        <div class="with-button">
          <input id="code" class="big code" type="text" value={code} autocomplete="off" autocapitalize="characters" spellcheck={false} placeholder="XXXX-XXXX-XXXX" onInput={(event) => setCode(event.currentTarget.value)} required />
          <button type="button" onClick={() => setScanning(true)} aria-label={_("Scan with the camera")}>
            <Icon name="camera" />
          </button>
        </div>
        {problem && <p class="problem" role="alert">{problem}</p>}
        <button class="primary" disabled={busy || !code.trim()}>{busy ? _("Connecting …") : _("Connect")}</button>
      </form>
      {scanning && (
        <Scan
          close={() => setScanning(false)}
          found={(text) => {
            setScanning(false);
            setCode(codeIn(text));
            void pair(codeIn(text));
          }}
        />
      )}
    </main>
  );
}
