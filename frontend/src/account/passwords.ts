const eye = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M10 12a2 2 0 1 0 4 0a2 2 0 0 0 -4 0"/><path d="M21 12c-2.4 4 -5.4 6 -9 6c-3.600 0 -6.600 -2 -9 -6c2.400 -4 5.400 -6 9 -6c3.600 0 6.600 2 9 6"/></svg>';

/** data-reveal: a button beside the password shows what was typed. */
export function revealPasswords(root: ParentNode): void {
  for (const input of root.querySelectorAll<HTMLInputElement>("input[data-reveal]")) {
    const around = document.createElement("div");
    around.className = "revealing";
    const button = document.createElement("button");
    button.type = "button";
    button.innerHTML = eye;
    button.setAttribute("aria-label", input.dataset["reveal"] ?? "");
    button.setAttribute("aria-pressed", "false");
    input.replaceWith(around);
    around.append(input, button);
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      input.focus();
    });
  }
}
