/** Exact amounts: whole minor units inside, decimal texts outside. Nothing here is a fraction. */
import { language } from "./texts";

/** "12.30" → 1230n. */
export function minorOf(decimal: string, decimals: number): bigint {
  const negative = decimal.startsWith("-");
  const [whole = "0", part = ""] = decimal.replace("-", "").split(".");
  const minor = BigInt(whole) * 10n ** BigInt(decimals) + BigInt(part.padEnd(decimals, "0").slice(0, decimals) || "0");
  return negative ? -minor : minor;
}

/** 1230n → "12.30". */
export function decimalOf(minor: bigint, decimals: number): string {
  const sign = minor < 0n ? "-" : "";
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, "0");
  return decimals ? `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : sign + digits;
}

/** What stands between whole and part where the page's language is spoken. */
export const comma = (1.5).toLocaleString(language).charAt(1);

/** 1230n → "12,30", as a person would type it. */
export function fieldText(minor: bigint, decimals: number): string {
  return decimalOf(minor, decimals).replace(".", comma);
}

/** What a person types as an amount: "12,3", "12.30", "1.234,50"; null for what is none. */
export function typedAmount(text: string, decimals: number): bigint | null {
  const plain = text.replace(/[\s'’\u00a0]/g, "");
  const match = /^(\d{1,9}|\d{1,3}(?:[.,]\d{3})+)(?:([.,])(\d{0,6}))?$/.exec(plain);
  if (!match) return null;
  const [, whole = "", , part = ""] = match;
  if (part.replace(/0+$/, "").length > decimals) return null;
  return BigInt(whole.replace(/[.,]/g, "") || "0") * 10n ** BigInt(decimals) + BigInt(part.padEnd(decimals, "0").slice(0, decimals) || "0");
}

/** A quantity that a person types, as the API reads it; null for what is none, or nothing. */
export function typedQuantity(text: string): string | null {
  const plain = text.trim().replace(",", ".");
  return /^\d{1,6}(\.\d{1,3})?$/.test(plain) && /[1-9]/.test(plain) ? plain : null;
}

/** A number divided and rounded half up; both are above zero. */
export function halfUp(number: bigint, by: bigint): bigint {
  return (number * 2n + by) / (by * 2n);
}

/** The amount times a quantity such as "1.5", rounded half up. */
export function times(minor: bigint, quantity: string): bigint {
  const [whole = "0", part = ""] = quantity.split(".");
  return halfUp(minor * BigInt(whole + part), 10n ** BigInt(part.length));
}

/** A price with tax, taken apart: what is before tax, and the tax. */
export function apart(gross: bigint, taxPercent: string): { net: bigint; tax: bigint } {
  const hundredths = minorOf(taxPercent, 2);
  const net = halfUp(gross * 10_000n, 10_000n + hundredths);
  return { net, tax: gross - net };
}

const formats = new Map<string, Intl.NumberFormat>();

/** Money as people read it: "12,30 €". */
export function money(minor: bigint, currency: string, decimals: number): string {
  const key = `${currency}${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language, { style: "currency", currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  // Intl writes a decimal text exactly; TypeScript's library does not know it yet.
  return format.format(decimalOf(minor, decimals) as unknown as number);
}

const whole = new Intl.NumberFormat(language);

/** A whole number as people read it: "1.234". */
export function number(many: number): string {
  return whole.format(many);
}
