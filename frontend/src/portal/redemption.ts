// A reward that is set aside: how long it is held, and what the till did with it meanwhile.

const SECONDS_BETWEEN_LOOKS = 4;

/** data-seconds-left counts down to zero, from where the server's clock said. */
export function countDown(): void {
  const clock = document.querySelector<HTMLElement>("[data-seconds-left]");
  if (!clock) return;
  const end = performance.now() + Number(clock.dataset["secondsLeft"]) * 1000;
  const show = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left) window.setTimeout(show, 500);
  };
  show();
}

/** data-waits="held": the page is opened anew as soon as the redemption is not held any more. */
export function waitForTill(): void {
  const waiting = document.querySelector<HTMLElement>("[data-waits]");
  if (!waiting) return;
  const look = async () => {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(location.pathname, { headers: { accept: "application/json" } });
        const told = (await answer.json()) as { status: string };
        if (told.status !== waiting.dataset["waits"]) {
          location.reload();
          return;
        }
      } catch {
        // no network for the moment
      }
    }
    window.setTimeout(look, SECONDS_BETWEEN_LOOKS * 1000);
  };
  window.setTimeout(look, SECONDS_BETWEEN_LOOKS * 1000);
}
