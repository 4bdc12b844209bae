/** A sale by its lines: what, how many, for how much. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { money, times, typedAmount, typedQuantity } from "../money";
import type { CartLine } from "../sale";
import { facts, get, keepCart, set, useTill } from "../state";
import { _ } from "../texts";
import { Icon } from "./parts";

export function Lines(): JSX.Element {
  const { cart } = useTill();
  const { currency, decimals } = facts().program;
  const [name, setName] = useState("");
  const [quantity, setQuantity] = useState("1");
  const [price, setPrice] = useState("");
  const many = typedQuantity(quantity);
  const amount = typedAmount(price, decimals);

  function become(lines: CartLine[]): void {
    set({ cart: { ...get().cart, lines, amount: null, points: 0 } });
    keepCart();
  }

  function add(event: Event): void {
    event.preventDefault();
    if (!many || amount === null) return;
    become([...cart.lines, { name: name.trim(), sku: "", category: "", quantity: many, price: amount }]);
    setName("");
    setQuantity("1");
    setPrice("");
    document.getElementById("line-name")?.focus();
  }

  return (
    <>
      {cart.lines.length > 0 && (
        <ul class="lines">
          {cart.lines.map((line, place) => (
            <li key={place}>
              <span class="grow">{line.name || line.sku || _("Article")}</span>
              <span class="quiet">{line.quantity} × {money(line.price, currency, decimals)}</span>
              <strong>{money(times(line.price, line.quantity), currency, decimals)}</strong>
              <button type="button" class="plain-button" aria-label={_("Take “{name}” out", { name: line.name || line.sku || String(place + 1) })} onClick={() => become(cart.lines.filter((_line, other) => other !== place))}><Icon name="trash" /></button>
            </li>
          ))}
        </ul>
      )}
      <form class="line-form" onSubmit={add}>
        <div class="wide"><label for="line-name">{_("Article")}</label><input id="line-name" type="text" autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} /></div>
        <div><label for="line-quantity">{_("Quantity")}</label><input id="line-quantity" type="text" inputMode="decimal" autocomplete="off" value={quantity} aria-invalid={!many || undefined} onInput={(event) => setQuantity(event.currentTarget.value)} /></div>
        <div><label for="line-price">{_("Price with tax")}</label><input id="line-price" type="text" inputMode="decimal" autocomplete="off" value={price} aria-invalid={(price !== "" && amount === null) || undefined} onInput={(event) => setPrice(event.currentTarget.value)} /></div>
        <button type="submit" disabled={!many || amount === null}><Icon name="plus" /> {_("Add")}</button>
      </form>
    </>
  );
}
