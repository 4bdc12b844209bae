/** Small parts that screens share. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { number } from "../money";
import type { Balances } from "../model";
import { facts } from "../state";
import { _ } from "../texts";
import { paths, type IconName } from "./icons";

export function Icon({ name }: { name: IconName }): JSX.Element {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" dangerouslySetInnerHTML={{ __html: paths[name] }} />;
}

/** So many of a unit, with its word: "12 puntos". */
export function points(many: number, unit: string): string {
  const known = facts().program.units.find((each) => each.id === unit);
  if (!known) return `${number(many)} ${unit}`;
  return `${number(many)} ${Math.abs(many) === 1 ? known.one : known.name}`;
}

export function priceText(price: Record<string, number>): string {
  const parts = Object.entries(price).map(([unit, many]) => points(many, unit));
  return parts.length ? parts.join(" + ") : _("free");
}

/** What a member has, less what was redeemed here and waits to be told (`waiting`, by unit). */
export function BalanceLine({ balances, waiting = {} }: { balances: Balances; waiting?: Record<string, number> }): JSX.Element {
  return (
    <ul class="balances">
      {facts().program.units.map((unit) => {
        const balance = balances[unit.id];
        const isNothing = balance && !balance.available && !balance.pending && !balance.debt;
        if (!balance || (isNothing && unit !== facts().program.units[0])) return null;
        const left = balance.available - (waiting[unit.id] ?? 0);
        return (
          <li key={unit.id}>
            <strong>{number(left)}</strong> {left === 1 ? unit.one : unit.name}
            {balance.pending > 0 && <small> · {_("{points} on the way", { points: number(balance.pending) })}</small>}
            {balance.debt > 0 && <small class="bad"> · {_("{points} owed", { points: number(balance.debt) })}</small>}
          </li>
        );
      })}
    </ul>
  );
}

/** A dialog of the browser's own: it keeps the focus inside, and Escape closes it. */
export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }): JSX.Element {
  const place = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = place.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={place} class="dialog" aria-label={title} onClose={close} onCancel={close}>
      <header>
        <h2>{title}</h2>
        <button type="button" class="plain-button" onClick={close} aria-label={_("Close")}>
          <Icon name="x" />
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** Digits to touch, for a PIN or an amount; the field keeps the focus. */
export function Keypad({ press, comma }: { press: (key: string) => void; comma?: string | undefined }): JSX.Element {
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", comma ?? "", "0", "back"];
  return (
    <div class="keypad" onMouseDown={(event) => event.preventDefault()}>
      {keys.map((key) =>
        key === "" ? (
          <span key="none" />
        ) : (
          <button key={key} type="button" onClick={() => press(key)} aria-label={key === "back" ? _("Delete") : key}>
            {key === "back" ? <Icon name="backspace" /> : key}
          </button>
        ),
      )}
    </div>
  );
}

/** What is needed only with a network is loaded only then; null until it is here. */
export function useLoaded<T>(load: () => Promise<T>, failed: () => void): T | null {
  const [loaded, keep] = useState<T | null>(null);
  useEffect(() => void load().then((what) => keep(() => what), failed), []);
  return loaded;
}

/** Runs after a pause, so that every keystroke is not a request. */
export function useLater(work: () => void, pause: number, on: unknown[]): void {
  useEffect(() => {
    const timer = setTimeout(work, pause);
    return () => clearTimeout(timer);
  }, on);
}
