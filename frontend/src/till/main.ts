import "./till.css";
import { h, render } from "preact";
import { reloadItems } from "./actions";
import { startDelivering } from "./deliver";
import { listenForSales, takeFromAddress } from "./handover";
import { forgetOldMembers } from "./keeping/members";
import { onChange } from "./keeping/queue";
import { onNet } from "./net";
import { listenToScanner } from "./scanner";
import { refreshFacts, remember, shutOut } from "./session";
import { get, keptCart, set } from "./state";
import { App } from "./views/app";

const FACTS_AGAIN = 5 * 60_000;

async function start(): Promise<void> {
  await remember();
  // The console's QR, or the demo's door: whoever comes with a code is let in anew.
  if (/[#&]code=/.test(location.hash)) set({ entering: true });
  const cart = keptCart();
  if (cart) set({ cart });
  await reloadItems();
  const place = document.getElementById("content")!;
  place.replaceChildren();
  render(h(App, {}), place);
  document.documentElement.dataset["till"] = "open";

  onChange(() => void reloadItems());
  onNet((net) => {
    set({ net });
    if (net !== "off") void refreshFacts();
  });
  startDelivering({ key: () => (get().shutOut ? null : get().key), till: () => get().facts?.device.name ?? "", program: () => get().facts?.program.slug ?? "", shutOut: () => void shutOut() });
  listenToScanner();
  listenForSales();
  takeFromAddress();
  void refreshFacts();
  setInterval(() => void refreshFacts(), FACTS_AGAIN);
  void forgetOldMembers();
}

/** Once the till stands: what reads codes by camera, where the browser does not do it itself. */
async function keepReaderToo(): Promise<void> {
  if ("BarcodeDetector" in window || !("mediaDevices" in navigator)) return;
  await navigator.serviceWorker.ready;
  const { keepReader } = await import("./reader");
  await keepReader().catch(() => undefined);
}

if ("serviceWorker" in navigator) {
  void navigator.serviceWorker.register("/till/sw.js", { scope: "/till/" });
  setTimeout(() => void keepReaderToo().catch(() => undefined), 8_000);
}
void start();
