import "./designer.css";
import { buildConditions } from "./conditions";
import { number } from "./editor";

/** Shows the questions that go with what was answered, and hides the others. */
function follow(form: HTMLFormElement): void {
  const questions = [...form.querySelectorAll<HTMLElement>("[data-question]")];
  const answer = (name: string): string => {
    const asked = questions.find((each) => each.dataset["question"] === name);
    if (asked?.hidden && asked.dataset["otherwise"]) return asked.dataset["otherwise"];
    const chosen = form.querySelector<HTMLInputElement>(`input[type=radio][name="${CSS.escape(name)}:"]:checked`);
    if (chosen) return chosen.value;
    const control = form.elements.namedItem(`${name}:`);
    return control instanceof HTMLSelectElement || control instanceof HTMLInputElement ? control.value : "";
  };
  for (const question of questions) {
    const wanted = question.dataset["onlyIf"];
    if (!wanted) continue;
    const needs = JSON.parse(wanted) as Record<string, string[]>;
    question.hidden = !Object.entries(needs).every(([name, words]) => words.includes(answer(name)));
  }
}

/** Leaving with something typed and not saved asks first; what is being saved is looked at no more. */
function guard(form: HTMLFormElement): void {
  let isTyped = false;
  let isSent = false;
  form.addEventListener("input", () => { isTyped = true; });
  form.addEventListener("submit", () => { isTyped = false; isSent = true; });
  form.addEventListener("htmx:beforeRequest", (event) => { if (isSent) event.preventDefault(); });
  addEventListener("pageshow", () => { isSent = false; });
  addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
}

/** Says at each control whether something is wrong with it. */
function mark(): void {
  for (const field of document.querySelectorAll<HTMLElement>(".designer-field")) {
    const wrong = field.querySelector(".invalid-feedback:not(.conditions-row *)") !== null;
    field.classList.toggle("is-wrong", wrong);
    for (const control of field.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      if (wrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
}

/** Products that are known bring their category and price with them; lines can be added. */
function fillLines(root: HTMLElement): void {
  const add = root.querySelector<HTMLButtonElement>("[data-add-line]");
  if (add) {
    add.hidden = false;
    add.addEventListener("click", () => {
      const last = [...root.querySelectorAll<HTMLElement>(".try-line")].at(-1);
      const line = last?.cloneNode(true) as HTMLElement | undefined;
      if (!last || !line) return;
      for (const input of line.querySelectorAll("input")) input.value = "";
      last.after(line);
      line.querySelector("input")?.focus();
    });
  }
  root.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    if (input.dataset["product"] === undefined) return;
    const option = [...document.querySelectorAll<HTMLOptionElement>("#try-products option")].find((each) => each.value === input.value);
    const line = input.closest(".try-line");
    if (!option || !line) return;
    const set = (name: string, value: string): void => {
      const field = line.querySelector<HTMLInputElement>(`[name=${name}]`);
      if (field && !field.value) field.value = value;
    };
    set("category", option.dataset["category"] ?? "");
    set("price", option.dataset["price"] ?? "");
    set("quantity", "1");
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-designer]")) {
  guard(form);
  follow(form);
  form.addEventListener("input", () => follow(form));
  form.addEventListener("change", () => follow(form));
}
for (const place of document.querySelectorAll<HTMLElement>("[data-conditions]")) buildConditions(place);
for (const place of document.querySelectorAll<HTMLElement>("[data-editor]")) number(place);
for (const place of document.querySelectorAll<HTMLElement>("[data-lines]")) fillLines(place);
document.addEventListener("change", (event) => {
  const goes = (event.target as HTMLElement).dataset?.["goes"];
  if (goes) location.search = goes;
});
document.addEventListener("htmx:afterSettle", mark);
mark();
// A link to a question in a folded part opens it.
const wanted = location.hash ? document.getElementById(location.hash.slice(1)) : null;
if (wanted) {
  wanted.closest("details")?.setAttribute("open", "");
  wanted.scrollIntoView({ block: "center" });
  wanted.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus({ preventScroll: true });
}
