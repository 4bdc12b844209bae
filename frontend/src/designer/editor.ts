// The document as a text: numbers beside its lines, marks where something is wrong.

export function number(place: HTMLElement): void {
  const text = place.querySelector<HTMLTextAreaElement>("textarea");
  const gutter = place.querySelector<HTMLElement>(".editor-numbers");
  const found = document.querySelector<HTMLElement>("#document-faults");
  if (!text || !gutter) return;
  const draw = (): void => {
    const wrong = new Map<string, string>();
    for (const fault of found?.querySelectorAll<HTMLElement>("li[data-line]") ?? []) {
      const line = fault.dataset["line"] ?? "";
      if (wrong.get(line) !== "is-error") wrong.set(line, fault.classList.contains("is-error") ? "is-error" : "is-doubt");
    }
    const count = text.value.split("\n").length;
    gutter.replaceChildren(...Array.from({ length: count }, (_, index) => {
      const line = document.createElement("div");
      line.textContent = String(index + 1);
      const mark = wrong.get(String(index + 1));
      if (mark) line.className = mark;
      return line;
    }));
    gutter.scrollTop = text.scrollTop;
  };
  const goTo = (line: number): void => {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    text.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(text).lineHeight));
  };
  text.addEventListener("input", draw);
  text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });
  // Tab indents; Escape first, and it leaves the text as everywhere else.
  let leaves = false;
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leaves = true;
    else if (event.key === "Tab" && !event.shiftKey && !leaves && !text.readOnly) {
      event.preventDefault();
      text.setRangeText("  ", text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (event.key !== "Tab" && event.key !== "Shift") leaves = false;
  });
  text.addEventListener("focus", () => { leaves = false; });
  document.addEventListener("htmx:afterSwap", draw);
  document.addEventListener("click", (event) => {
    const line = (event.target as HTMLElement).closest<HTMLElement>("[data-goto]")?.dataset["goto"];
    if (line) goTo(Number(line));
  });
  draw();
  const line = Number(place.dataset["line"]);
  if (line) goTo(line);
}
