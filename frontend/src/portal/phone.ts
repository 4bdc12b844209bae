// What a phone can do: install the page as an app, and say that there is no network.

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

export function offerToInstall(): void {
  const offer = document.querySelector<HTMLElement>("[data-install]");
  if (!offer) return;
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer.hidden = false;
    offer.querySelector("button")?.addEventListener("click", () => {
      offer.hidden = true;
      void (event as InstallPrompt).prompt();
    });
  });
}

export function sayWhenOffline(): void {
  const show = () => document.body.classList.toggle("is-offline", !navigator.onLine);
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
