// Passkeys: the page's form asks the browser for a credential and sends it in a hidden field.

interface CreationOptions {
  creation_options: { publicKey: PublicKeyCredentialCreationOptionsJSON };
}

interface RequestOptions {
  request_options: { publicKey: PublicKeyCredentialRequestOptionsJSON };
}

/** Whether this address and this browser can have passkeys: never an address of numbers. */
function possible(): boolean {
  const numbers = /^[\d.]+$|^\[/.test(location.hostname);
  return window.isSecureContext && !numbers && typeof window.PublicKeyCredential === "function"
    && typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";
}

/** data-passkey="sign-in", "prove" or "make" on a form. What needs passkeys is hidden without. */
export function offerPasskeys(root: ParentNode): void {
  const able = possible();
  for (const part of root.querySelectorAll<HTMLElement>("[data-passkeys]")) part.hidden = !able;
  for (const part of root.querySelectorAll<HTMLElement>("[data-no-passkeys]")) part.hidden = able;
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (button && !able) button.disabled = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      void send(form, button);
    }, { capture: true });
  }
}

async function send(form: HTMLFormElement, button: HTMLButtonElement | null): Promise<void> {
  if (button) button.disabled = true;
  form.querySelector("[role=alert]")?.remove();
  try {
    const credential = form.dataset["passkey"] === "make" ? await made(form) : await proved(form);
    const field = form.elements.namedItem("credential") as HTMLInputElement;
    field.value = JSON.stringify(credential);
    form.submit();
  } catch {
    const problem = document.createElement("div");
    problem.className = "alert alert-danger mt-3";
    problem.setAttribute("role", "alert");
    problem.textContent = form.dataset["problem"] ?? "";
    form.append(problem);
    if (button) button.disabled = false;
  }
}

async function made(form: HTMLFormElement): Promise<unknown> {
  const { creation_options } = options<CreationOptions>(form);
  const told = creation_options.publicKey;
  const alone = (form.elements.namedItem("passwordless") as HTMLInputElement | null)?.checked ?? false;
  told.authenticatorSelection = {
    ...told.authenticatorSelection,
    residentKey: alone ? "required" : "preferred",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(told);
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential | null;
  if (!credential) throw new Error("no credential");
  return credential.toJSON();
}

async function proved(form: HTMLFormElement): Promise<unknown> {
  const { request_options } = form.dataset["options"] ? options<RequestOptions>(form) : await asked(form);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(request_options.publicKey);
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
  if (!credential) throw new Error("no credential");
  return credential.toJSON();
}

function options<T>(form: HTMLFormElement): T {
  const text = document.querySelector(form.dataset["options"] ?? "")?.textContent ?? "";
  return JSON.parse(text) as T;
}

async function asked(form: HTMLFormElement): Promise<RequestOptions> {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as RequestOptions;
}
