// Where a shop is tells its currency and the taxes that are usual there.

type Places = Record<string, [currency: string, ...taxes: string[]]>;

/** data-places on a list of time zones: #data-currency follows, and data-taxes proposes what to type. */
export function tellPlaces(root: ParentNode): void {
  for (const zone of root.querySelectorAll<HTMLSelectElement>("select[data-places]:not([data-placed])")) {
    zone.dataset.placed = "";
    const places = JSON.parse(zone.dataset.places ?? "{}") as Places;
    const currency = document.querySelector<HTMLSelectElement>("select[data-currency]");
    const taxes = document.querySelector<HTMLElement>("[data-taxes]");
    let chosen = false; // a currency that the person chose stays
    currency?.addEventListener("change", () => { chosen = true; });
    const follow = (isNew: boolean): void => {
      const [code, ...rates] = places[zone.value] ?? [""];
      if (isNew && !chosen && code && currency && !currency.disabled) currency.value = code;
      if (taxes) propose(taxes, rates);
    };
    zone.addEventListener("change", () => follow(true));
    follow(zone.dataset.ownZone !== undefined);
  }
}

function propose(list: HTMLElement, rates: string[]): void {
  const field = document.querySelector<HTMLInputElement>(list.dataset.taxes ?? "");
  if (!field) return;
  const point = (1.5).toLocaleString(document.documentElement.lang).charAt(1);
  const choices = [...rates.map((rate) => rate.replace(".", point)), "0"];
  const buttons = choices.map((rate) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = rate === "0" ? (list.dataset.none ?? "0 %") : `${rate} %`;
    button.addEventListener("click", () => {
      field.value = rate;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    return button;
  });
  const mark = (): void => {
    buttons.forEach((button, place) => button.setAttribute("aria-pressed", String(field.value.trim() === choices[place])));
  };
  field.addEventListener("input", mark);
  mark();
  list.replaceChildren(...buttons);
}
