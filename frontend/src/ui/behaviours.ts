// Small behaviours that pages ask for by an attribute; each works without the others.

/** A form with data-confirm asks first; the question is the attribute's text. */
function confirmFirst(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-confirm]:not([data-ready])")) {
    form.dataset.ready = "";
    form.addEventListener("submit", (event) => {
      if (form.dataset.confirmed !== undefined) return;
      event.preventDefault();
      const submitter = (event as SubmitEvent).submitter as HTMLButtonElement | null;
      ask(form.dataset.confirm ?? "", submitter?.textContent?.trim() ?? "OK").then((yes) => {
        if (!yes) return;
        form.dataset.confirmed = "";
        form.requestSubmit(submitter);
        delete form.dataset.confirmed;
      });
    });
  }
}

function ask(question: string, yes: string): Promise<boolean> {
  const words = document.body.dataset;
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = question;
  const buttons = document.createElement("div");
  buttons.className = "btn-list justify-content-end";
  const no = document.createElement("button");
  no.type = "button";
  no.className = "btn";
  no.textContent = words["no"] ?? "No";
  const sure = document.createElement("button");
  sure.type = "button";
  sure.className = "btn btn-primary";
  sure.textContent = yes;
  buttons.append(no, sure);
  dialog.append(text, buttons);
  dialog.setAttribute("aria-label", question);
  document.body.append(dialog);
  return new Promise((resolve) => {
    no.addEventListener("click", () => dialog.close("no"));
    sure.addEventListener("click", () => dialog.close("yes"));
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    dialog.showModal();
  });
}

/** data-autosubmit: a change sends the form. */
function submitOnChange(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-autosubmit]:not([data-ready])")) {
    form.dataset.ready = "";
    form.addEventListener("change", () => form.requestSubmit());
  }
}

/** data-copy="#id" or data-copy-text="…": the button puts a text on the clipboard and says so. */
function copyOnClick(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-copy]:not([data-ready]), [data-copy-text]:not([data-ready])")) {
    button.dataset.ready = "";
    button.addEventListener("click", async () => {
      const from = button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
      const text = button.dataset.copyText ?? (from instanceof HTMLInputElement ? from.value : (from?.textContent ?? ""));
      await navigator.clipboard.writeText(text.trim());
      const before = button.textContent;
      button.textContent = document.body.dataset["copied"] ?? "✓";
      setTimeout(() => { button.textContent = before; }, 1500);
    });
  }
}

/** data-opens="#id": opens a <dialog>; data-closes closes the one it is in. */
function openDialogs(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLElement>("[data-opens]:not([data-ready]), [data-closes]:not([data-ready])")) {
    button.dataset.ready = "";
    button.addEventListener("click", () => {
      if (button.dataset.opens) document.querySelector<HTMLDialogElement>(button.dataset.opens)?.showModal();
      else button.closest("dialog")?.close();
    });
  }
}

/** data-toggles="#id": shows and hides, and tells assistive technology. */
function toggle(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLElement>("[data-toggles]:not([data-ready])")) {
    button.dataset.ready = "";
    button.addEventListener("click", () => {
      const shown = document.querySelector(button.dataset.toggles ?? "")?.classList.toggle("show");
      button.setAttribute("aria-expanded", String(Boolean(shown)));
    });
  }
}

/** A <details class="menu"> closes when the person goes elsewhere. */
function closeMenus(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (event instanceof KeyboardEvent ? event.key === "Escape" : !menu.contains(event.target as Node)) menu.open = false;
  }
}

/** data-theme: "light", "dark" or "" for what the device prefers. */
function chooseTheme(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLElement>("[data-theme]:not([data-ready])")) {
    button.dataset.ready = "";
    button.addEventListener("click", () => {
      const wish = button.dataset.theme ?? "";
      if (wish) localStorage.setItem("fiel-theme", wish);
      else localStorage.removeItem("fiel-theme");
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      document.documentElement.setAttribute("data-bs-theme", wish || (dark ? "dark" : "light"));
    });
  }
}

/** data-print: prints the page. */
function printOnClick(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLElement>("[data-print]:not([data-ready])")) {
    button.dataset.ready = "";
    button.addEventListener("click", () => window.print());
  }
}

/** data-own-zone: a list of time zones begins with the one that the browser lives in. */
function chooseOwnZone(root: ParentNode): void {
  for (const list of root.querySelectorAll<HTMLSelectElement>("select[data-own-zone]:not([data-ready])")) {
    list.dataset.ready = "";
    const said = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const newer = JSON.parse(list.dataset.olderNames ?? "{}") as Record<string, string>;
    const own = newer[said] ?? said;
    if (own !== "UTC" && [...list.options].some((option) => option.value === own)) list.value = own;
  }
}

/** data-values-of="#list": a choice in the list proposes its data-values here. */
function proposeValues(root: ParentNode): void {
  for (const input of root.querySelectorAll<HTMLInputElement>("[data-values-of]:not([data-ready])")) {
    input.dataset.ready = "";
    const list = document.querySelector<HTMLSelectElement>(input.dataset.valuesOf ?? "");
    list?.addEventListener("change", () => { input.value = list.selectedOptions[0]?.dataset.values ?? ""; });
  }
}

/** Sent once: a second click on the same button does nothing while the first is under way. */
function sendOnce(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[method=post]:not([data-once])")) {
    form.dataset.once = "";
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || form.hasAttribute("hx-post")) return;
      if (form.dataset.sent !== undefined) event.preventDefault();
      form.dataset.sent = "";
    });
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
  });
}

/**
 * Where a list has no room on a narrow screen its rows stand as cards, with its headings out of sight:
 * each cell carries the name of its own. Tables of class "stacks" bring the names in their cells, and need no script.
 */
function nameCells(root: ParentNode): void {
  for (const table of root.querySelectorAll<HTMLTableElement>("table.card-table:not(.report-rows, .table-sm, .stacks, [data-ready])")) {
    table.dataset.ready = "";
    const names = [...table.querySelectorAll("thead th")].map((heading) => (heading.textContent ?? "").replace(/[↑↓]/g, "").trim());
    if (names.length < 3 || table.querySelector("[colspan]") !== null) continue;
    for (const cell of table.querySelectorAll<HTMLTableCellElement>("tbody > tr > td")) cell.dataset.label = names[cell.cellIndex] ?? "";
    const place = table.parentElement ?? table;
    const fit = (): void => { if (place.scrollWidth > place.clientWidth + 1) table.classList.add("as-cards"); };
    fit();
    addEventListener("resize", fit);
  }
}

/** Give a part of the page, new or whole, what its attributes ask for. */
export function enliven(root: ParentNode): void {
  for (const behaviour of [confirmFirst, submitOnChange, copyOnClick, openDialogs, toggle, chooseTheme, printOnClick, chooseOwnZone, proposeValues, nameCells, sendOnce]) behaviour(root);
}

export function listen(): void {
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
}
