/**
 * A scanner that types like a keyboard: its keys come faster than anybody's, and end with Enter.
 *
 * What it typed into a field is taken out again, and told as what was scanned.
 */
const FASTEST_HAND = 50;
const SHORTEST = 6;

export function listenToScanner(): void {
  let typed = "";
  let last = 0;
  let field: HTMLInputElement | null = null;
  let before = "";
  window.addEventListener(
    "keydown",
    (event) => {
      const now = performance.now();
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
        if (now - last > FASTEST_HAND) {
          typed = "";
          field = document.activeElement instanceof HTMLInputElement ? document.activeElement : null;
          before = field?.value ?? "";
        }
        typed += event.key;
        last = now;
      } else if (event.key === "Enter") {
        const isScan = typed.length >= SHORTEST && now - last <= FASTEST_HAND && !document.querySelector("dialog[open]");
        const told = typed;
        typed = "";
        if (!isScan || field?.id === "find") return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if (field) {
          field.value = before;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
        dispatchEvent(new CustomEvent("till:scanned", { detail: told }));
      }
    },
    { capture: true },
  );
}
