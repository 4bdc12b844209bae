// The builder of conditions: rows of what, how and with what, in groups of all or any. The text of
// the condition is written by the server; here is only what is chosen.

type Value = { kind: "text" | "number" | "flag"; text: string };
type Row = { attribute: string; key: string | null; operator: string; values: Value[] };
type Group = { join: "all" | "any"; parts: (Row | Group)[] };
type Attribute = { name: string; root: string; kind: string; label: string };
type Told = {
  scope: string;
  by: { question?: string; scopes?: Record<string, string>; otherwise?: string };
  rows: Group | null;
  is_unfinished: boolean;
  attributes: Attribute[];
  roots: Record<string, string>;
  scopes: Record<string, string[]>;
  operators: Record<string, [string, string][]>;
  choices: Record<string, [string, string][]>;
  chosen_only: string[];
  words: Record<string, string>;
};

const LISTS = new Set(["one_of", "none_of"]);
const WITHOUT_VALUE = new Set(["known", "unknown"]);
const KNOWN: Record<string, string> = {
  "line.category": "known-categories",
  "line.sku": "known-products",
  "line.name": "known-names",
  "sale.store": "known-stores",
  "sale.channel": "known-channels",
};

export function buildConditions(place: HTMLElement): void {
  new Builder(place, JSON.parse(place.dataset["conditions"] ?? "{}") as Told).begin();
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, css = "", text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (css) made.className = css;
  if (text) made.textContent = text;
  return made;
}

class Builder {
  private rows: Group = { join: "all", parts: [] };
  private isText = false;
  private isMarking = false; // whether rows without a value are told: once they were to be sent
  private readonly form: HTMLFormElement | null;
  private readonly mode: HTMLInputElement;
  private readonly sent: HTMLInputElement;
  private readonly text: HTMLTextAreaElement;
  private readonly shown: HTMLElement;

  constructor(private readonly place: HTMLElement, private readonly told: Told) {
    const field = <T extends HTMLElement>(name: string): T =>
      place.querySelector<T>(`[name="${CSS.escape(`${place.dataset["name"]}:${name}`)}"]`) as T;
    this.form = place.closest("form");
    this.mode = field("mode");
    this.sent = field("rows");
    this.text = field("text");
    this.shown = place.querySelector<HTMLElement>(".conditions-rows") as HTMLElement;
  }

  begin(): void {
    this.isText = this.told.rows === null;
    if (this.told.rows) this.rows = this.told.rows;
    this.isMarking = this.told.is_unfinished;
    this.draw();
    this.send(false);
    // Before whatever else the form does as it is sent: a row that is left out would say less.
    this.form?.addEventListener("submit", (event) => {
      if (this.place.closest("[hidden]") || !this.stops()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
    const question = this.told.by.question;
    if (question) {
      this.form?.addEventListener("change", (event) => {
        if ((event.target as HTMLInputElement).name === `${question}:`) this.draw();
      });
    }
  }

  /** The attributes that can be read where the condition stands now. */
  private attributes(): Attribute[] {
    const { by, scope, scopes, attributes } = this.told;
    const control = by.question ? this.form?.elements.namedItem(`${by.question}:`) : null;
    const answer = control instanceof HTMLSelectElement ? control.value : "";
    const now = answer ? (by.scopes?.[answer] ?? by.otherwise ?? scope) : scope;
    const roots = scopes[now] ?? [];
    return attributes.filter((each) => roots.includes(each.root));
  }

  private attribute(name: string): Attribute | undefined {
    return this.told.attributes.find((each) => each.name === name);
  }

  private changed(): void {
    this.draw();
    this.send(true);
  }

  /** Whether a row says nothing yet; if so, it is marked and gets the focus. */
  private stops(): boolean {
    if (this.isText || !isUnfinished(this.rows)) return false;
    this.isMarking = true;
    this.draw();
    this.place.closest("details")?.setAttribute("open", "");
    this.shown.querySelector<HTMLElement>("[aria-invalid]")?.focus();
    return true;
  }

  private send(tell: boolean): void {
    this.mode.value = this.isText ? "text" : "rows";
    this.sent.value = this.isText ? "" : JSON.stringify(this.rows);
    if (tell) this.sent.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private draw(): void {
    const focus = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["at"] : undefined;
    this.place.classList.toggle("is-text", this.isText);
    const parts: HTMLElement[] = [];
    if (this.isText) {
      if (this.told.rows === null && this.text.value) parts.push(element("p", "form-hint", this.told.words["tooRich"]));
    } else {
      parts.push(this.group(this.rows, [], 0));
    }
    const turn = element("button", "btn btn-sm btn-ghost-secondary conditions-turn", this.told.words[this.isText ? "asRows" : "asText"]);
    turn.type = "button";
    turn.addEventListener("click", () => void this.turn());
    parts.push(turn);
    this.shown.replaceChildren(...parts);
    if (focus) this.shown.querySelector<HTMLElement>(`[data-at="${focus}"]`)?.focus();
  }

  private async turn(): Promise<void> {
    if (this.stops()) return;
    const answer = await fetch(this.place.dataset["rowsUrl"] ?? "", {
      method: "POST",
      headers: { "X-CSRFToken": document.body.dataset["csrf"] ?? "" },
      body: new URLSearchParams(this.isText
        ? { text: this.text.value, scope: this.scope() }
        : { rows: JSON.stringify(this.rows) }),
    });
    if (!answer.ok) return;
    const found = (await answer.json()) as { text?: string; rows?: Group | null };
    if (this.isText) {
      this.told.rows = found.rows ?? null;
      if (found.rows) { this.rows = found.rows; this.isText = false; }
    } else {
      this.text.value = found.text ?? "";
      this.isText = true;
    }
    this.changed();
    if (this.isText) this.text.focus();
  }

  private scope(): string {
    const control = this.told.by.question ? this.form?.elements.namedItem(`${this.told.by.question}:`) : null;
    const answer = control instanceof HTMLSelectElement ? control.value : "";
    return answer ? (this.told.by.scopes?.[answer] ?? this.told.by.otherwise ?? this.told.scope) : this.told.scope;
  }

  private group(group: Group, way: number[], depth: number): HTMLElement {
    const words = this.told.words;
    const box = element("div", `conditions-group${depth ? " is-inner" : ""}`);
    box.setAttribute("role", "group");
    if (group.parts.length > 1 || depth) {
      const head = element("div", "conditions-join");
      head.append(element("span", "", words["when"]));
      const join = this.select([["all", words["all"] ?? ""], ["any", words["any"] ?? ""]], group.join, `${way.join(".")}:join`, words["when"] ?? "");
      join.addEventListener("change", () => { group.join = join.value as Group["join"]; this.changed(); });
      head.append(join);
      if (depth) head.append(this.remover(() => this.take(way)));
      box.append(head);
    }
    if (!group.parts.length && !depth) box.append(element("p", "text-secondary mb-2", words["nothing"]));
    group.parts.forEach((part, index) => {
      const here = [...way, index];
      box.append("parts" in part ? this.group(part, here, depth + 1) : this.row(part, here));
    });
    const acts = element("div", "btn-list");
    acts.append(this.button(words["add"] ?? "", `${way.join(".")}:add`, () => {
      const first = this.attributes()[0];
      if (first) group.parts.push(this.fresh(first));
      this.changed();
      this.shown.querySelector<HTMLElement>(`[data-at="${[...way, group.parts.length - 1].join(".")}:attribute"]`)?.focus();
    }));
    if (depth < 1 && group.parts.length) {
      acts.append(this.button(words["addGroup"] ?? "", `${way.join(".")}:group`, () => {
        const first = this.attributes()[0];
        if (first) group.parts.push({ join: group.join === "all" ? "any" : "all", parts: [this.fresh(first), this.fresh(first)] });
        this.changed();
      }));
    }
    box.append(acts);
    return box;
  }

  private fresh(attribute: Attribute): Row {
    const operator = this.told.operators[attribute.kind]?.[0]?.[0] ?? "is";
    return { attribute: attribute.name, key: attribute.kind === "map" ? "" : null, operator, values: [] };
  }

  private row(row: Row, way: number[]): HTMLElement {
    const words = this.told.words;
    const at = way.join(".");
    const known = this.attribute(row.attribute);
    const box = element("div", "conditions-row");
    const what = this.attributeSelect(row.attribute, `${at}:attribute`);
    what.addEventListener("change", () => {
      const chosen = this.attribute(what.value);
      if (chosen) Object.assign(row, this.fresh(chosen));
      this.changed();
    });
    box.append(what);
    if (known?.kind === "map") {
      const key = this.input(row.key ?? "", `${at}:key`, words["key"] ?? "");
      key.addEventListener("input", () => { row.key = key.value; this.send(true); });
      box.append(key);
    }
    const how = this.select(this.told.operators[known?.kind ?? "text"] ?? [], row.operator, `${at}:operator`, words["operator"] ?? "");
    how.addEventListener("change", () => {
      row.operator = how.value;
      if (!LISTS.has(how.value)) row.values = row.values.slice(0, 1);
      this.changed();
    });
    box.append(how);
    if (!WITHOUT_VALUE.has(row.operator)) box.append(...this.values(row, known, at));
    box.append(this.remover(() => this.take(way)));
    if (this.isMarking && isUnfinished(row)) {
      const fault = element("div", "invalid-feedback d-block", words["unfinished"]);
      fault.id = `${this.place.dataset["name"]}-row-${way.join("-")}`;
      const empty = box.querySelector<HTMLElement>(`[data-at="${at}:${row.key === "" ? "key" : "value"}"]`) ?? how;
      empty.setAttribute("aria-invalid", "true");
      empty.setAttribute("aria-describedby", fault.id);
      box.append(fault);
    }
    return box;
  }

  private values(row: Row, known: Attribute | undefined, at: string): HTMLElement[] {
    const words = this.told.words;
    const kind: Value["kind"] = known && ["integer", "number", "amount"].includes(known.kind) ? "number" : "text";
    const choices = this.told.choices[row.attribute];
    const make = (text: string): Value => ({ kind: known?.kind === "map" ? guessed(text) : kind, text });
    if (LISTS.has(row.operator)) return [this.chips(row, make, choices, at)];
    const now = row.values[0]?.text ?? "";
    if (choices && (choices.length || this.told.chosen_only.includes(row.attribute))) {
      const listed = choices.some(([value]) => value === now) ? choices : [[now, now || "…"] as [string, string], ...choices];
      const select = this.select(listed, now, `${at}:value`, words["value"] ?? "");
      select.addEventListener("change", () => { row.values = select.value ? [make(select.value)] : []; this.changed(); });
      return [select];
    }
    const input = this.input(now, `${at}:value`, words["value"] ?? "");
    if (kind === "number") input.inputMode = "decimal";
    const list = KNOWN[row.attribute];
    if (list) input.setAttribute("list", list);
    input.addEventListener("input", () => { row.values = input.value ? [make(input.value)] : []; this.send(true); });
    return [input];
  }

  private chips(row: Row, make: (text: string) => Value, choices: [string, string][] | undefined, at: string): HTMLElement {
    const words = this.told.words;
    const box = element("div", "conditions-chips");
    row.values.forEach((value, index) => {
      const label = choices?.find(([id]) => id === value.text)?.[1] ?? value.text;
      const chip = element("button", "conditions-chip", `${label} ×`);
      chip.type = "button";
      chip.setAttribute("aria-label", `${words["remove"]} ${label}`);
      chip.addEventListener("click", () => { row.values.splice(index, 1); this.changed(); });
      box.append(chip);
    });
    const add = (text: string): void => {
      const wanted = text.trim().replace(/,$/, "");
      if (!wanted || row.values.some((value) => value.text === wanted)) return;
      row.values.push(make(wanted));
      this.changed();
    };
    const free = choices?.filter(([id]) => !row.values.some((value) => value.text === id));
    if (free && choices?.length) {
      const select = this.select([["", "…"], ...free], "", `${at}:value`, words["value"] ?? "");
      select.addEventListener("change", () => add(select.value));
      box.append(select);
      return box;
    }
    const input = this.input("", `${at}:value`, words["addValue"] ?? "");
    input.placeholder = words["addValue"] ?? "";
    const list = KNOWN[row.attribute];
    if (list) input.setAttribute("list", list);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); add(input.value); }
      if (event.key === "Backspace" && !input.value && row.values.length) { row.values.pop(); this.changed(); }
    });
    input.addEventListener("change", () => add(input.value));
    box.append(input);
    return box;
  }

  private take(way: number[]): void {
    let group = this.rows;
    for (const step of way.slice(0, -1)) group = group.parts[step] as Group;
    group.parts.splice(way.at(-1) ?? 0, 1);
    this.changed();
    this.shown.querySelector<HTMLElement>("button")?.focus();
  }

  private attributeSelect(now: string, at: string): HTMLSelectElement {
    const select = element("select", "form-select");
    select.dataset["at"] = at;
    select.setAttribute("aria-label", this.told.words["attribute"] ?? "");
    const here = this.attributes();
    const shown = here.some((each) => each.name === now) ? here : [...here, ...this.told.attributes.filter((each) => each.name === now)];
    for (const root of new Set(shown.map((each) => each.root))) {
      const group = element("optgroup");
      group.label = this.told.roots[root] ?? root;
      for (const each of shown.filter((other) => other.root === root)) {
        group.append(new Option(each.label, each.name, false, each.name === now));
      }
      select.append(group);
    }
    return select;
  }

  private select(options: [string, string][], now: string, at: string, label: string): HTMLSelectElement {
    const select = element("select", "form-select");
    select.dataset["at"] = at;
    select.setAttribute("aria-label", label);
    for (const [value, text] of options) select.append(new Option(text, value, false, value === now));
    return select;
  }

  private input(value: string, at: string, label: string): HTMLInputElement {
    const input = element("input", "form-control");
    input.value = value;
    input.dataset["at"] = at;
    input.autocomplete = "off";
    input.setAttribute("aria-label", label);
    return input;
  }

  private button(text: string, at: string, act: () => void): HTMLButtonElement {
    const button = element("button", "btn btn-sm", text);
    button.type = "button";
    button.dataset["at"] = at;
    button.addEventListener("click", act);
    return button;
  }

  private remover(act: () => void): HTMLButtonElement {
    const button = element("button", "btn btn-icon btn-sm conditions-remove", "×");
    button.type = "button";
    button.setAttribute("aria-label", this.told.words["remove"] ?? "");
    button.addEventListener("click", act);
    return button;
  }
}

/** Whether a row says nothing yet: no value, no name of what is compared, or letters for a number. */
function isUnfinished(part: Row | Group): boolean {
  if ("parts" in part) return part.parts.some(isUnfinished);
  if (part.key === "") return true;
  if (WITHOUT_VALUE.has(part.operator)) return false;
  return !part.values.length || part.values.some((value) => value.kind === "number" ? !/^[^\p{L}]*\d[^\p{L}]*$/u.test(value.text) : !value.text);
}

/** What a value of free attributes is: a number, yes or no, or a text. */
function guessed(text: string): Value["kind"] {
  if (text === "true" || text === "false") return "flag";
  return /^-?\d+([.,]\d+)?$/.test(text.trim()) ? "number" : "text";
}
