// How values are written: as the page's language writes money, percentages and numbers.

export interface Format {
  kind: string;
  currency?: string;
}

export type Write = (value: unknown) => string;

/** Writes values in full, as the table does. */
export function written(format: Format | undefined): Write {
  return writing(format, {});
}

/** Writes values short, for an axis: 12 K. */
export function writtenShort(format: Format | undefined): Write {
  return writing(format, { notation: "compact", maximumFractionDigits: 1 });
}

function writing(format: Format | undefined, more: Intl.NumberFormatOptions): Write {
  const language = document.documentElement.lang || "es";
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2, ...more, ...styled(format, more) });
  const unit = format?.kind === "percent" ? (language.startsWith("en") ? "%" : " %") : "";
  return (value) => {
    if (value === null || value === undefined || value === "" || value === "-") return "–";
    const number = Number(value);
    return Number.isFinite(number) ? numbers.format(number) + unit : String(value);
  };
}

function styled(format: Format | undefined, more: Intl.NumberFormatOptions): Intl.NumberFormatOptions {
  if (format?.kind === "money" && format.currency) {
    return more.notation
      ? { style: "currency", currency: format.currency, minimumFractionDigits: 0 }
      : { style: "currency", currency: format.currency, minimumFractionDigits: undefined, maximumFractionDigits: undefined } as Intl.NumberFormatOptions;
  }
  if (format?.kind === "percent") return { maximumFractionDigits: 1 };
  if (format?.kind === "count" || format?.kind === "points") return { maximumFractionDigits: more.notation ? 1 : 0 };
  return {};
}
