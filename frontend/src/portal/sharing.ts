// Sharing by the phone's own sheet, where there is one.

export function shareByPhone(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-share]")) {
    if (!("share" in navigator)) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const { share, shareTitle } = button.dataset;
      navigator.share({ title: shareTitle ?? "", text: share ?? "" }).catch(() => undefined);
    });
  }
}
