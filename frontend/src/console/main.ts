import "../ui/ui.css";
import "./offers.css";
import htmx from "htmx.org";
import { enliven, listen } from "../ui/behaviours";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0;
// A refusal is shown where the answer would have been.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "4(00|09|22)", swap: true },
  { code: "[45]..", swap: false, error: true },
];

document.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent).detail;
  detail.headers["X-CSRFToken"] = document.body.dataset["csrf"] ?? "";
});
document.addEventListener("htmx:load", (event) => enliven((event as CustomEvent).detail.elt));
// Signed out meanwhile, or no network: say so, and keep what was typed.
document.addEventListener("htmx:sendError", () => tell("offline"));
document.addEventListener("htmx:responseError", (event) => {
  const status = (event as CustomEvent).detail.xhr.status as number;
  tell(status === 401 || status === 403 ? "signedOut" : "failed");
});

function tell(what: string): void {
  const place = document.querySelector("#told");
  const text = document.body.dataset[what];
  if (!place || !text) return;
  const notice = document.createElement("div");
  notice.className = "alert alert-warning";
  notice.role = "alert";
  notice.textContent = text;
  place.replaceChildren(notice);
}

enliven(document);
listen();
