/**
 * The number of a sale as its receipt shows it: the moment at which a till named the sale, in nine
 * letters of which no two look alike; what the merchant's own software named stays as it is. The
 * server finds the sale by it, and a scanner reads it from the receipt (Code 39).
 */
export const ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY";
const LENGTH = 9;
const LONGEST_BARS = 20;

export function numberOf(name: string): string {
  const own = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(name);
  if (!own) return name;
  let moment = parseInt(own[1]! + own[2]!, 16);
  let text = "";
  for (let place = 0; place < LENGTH; place++) {
    text = ALPHABET[moment % ALPHABET.length]! + (place % 3 || !place ? "" : "-") + text;
    moment = Math.floor(moment / ALPHABET.length);
  }
  return text;
}

const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*";
/** Of each sign which of its nine bars and gaps are wide, three hexadecimal digits each. */
const WIDE =
  "03412106116003113007002512406410904914801911805800d10c04c01c1030431420131120520071060460161810c11c00911900d00851840c40a80a208a02a094";

/** The bars of a number, as the path of a drawing one high; null for what this code cannot say. */
export function barsOf(number: string): { path: string; width: number } | null {
  if (number.length > LONGEST_BARS) return null;
  let x = 0;
  let path = "";
  for (const sign of `*${number}*`) {
    const place = SIGNS.indexOf(sign);
    if (place < 0) return null;
    const wide = parseInt(WIDE.slice(place * 3, place * 3 + 3), 16);
    for (let bit = 8; bit >= 0; bit--) {
      const many = (wide >> bit) & 1 ? 3 : 1;
      if (bit % 2 === 0) path += `M${x} 0h${many}v1h-${many}z`;
      x += many;
    }
    x += 1;
  }
  return { path, width: x - 1 };
}
