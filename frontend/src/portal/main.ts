// The member's pages: they work without any of this, and better with it.
import "../ui/ui.css";
import "./portal.css";
import { enliven, listen } from "../ui/behaviours";
import { countDown, waitForTill } from "./redemption";
import { offerToInstall, sayWhenOffline } from "./phone";
import { shareByPhone } from "./sharing";

enliven(document);
listen();
keepCardAtHand();
sayWhenOffline();
offerToInstall();
shareByPhone();
countDown();
waitForTill();
fillCodeByItself();

/** The worker keeps the card; a member's page tells it to as soon as it is there. */
function keepCardAtHand(): void {
  const place = document.body.dataset["worker"];
  if (!place || !("serviceWorker" in navigator)) return;
  const scope = place.replace(/sw\.js$/, "");
  navigator.serviceWorker
    .register(place, { scope })
    .then(() => navigator.serviceWorker.ready)
    .then((registration) => {
      if (document.body.dataset["member"] !== undefined) {
        registration.active?.postMessage("keep-card");
      }
    })
    .catch(() => undefined); // without it the page needs a network, which is all
}

/** Six digits are all there is to type: the form goes by itself. */
function fillCodeByItself(): void {
  const field = document.querySelector<HTMLInputElement>("input[data-code]");
  field?.addEventListener("input", () => {
    const digits = field.value.replace(/\D/g, "");
    if (digits.length === 6) field.form?.requestSubmit();
  });
}
