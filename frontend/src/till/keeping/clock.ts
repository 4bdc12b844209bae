/**
 * The till's clock. The server says what time it is for the program; the difference is added to
 * what the device shows. What is done is stamped with the difference that was known then, and sent
 * with it, so that a clock that was moved in between shows, and the server's time counts.
 */
let skew = 0;

export function knownSkew(): number {
  return skew;
}

export function setSkew(milliseconds: number): void {
  // A network's delay is no wrong clock.
  skew = Math.abs(milliseconds) < 2_000 ? 0 : Math.round(milliseconds);
}

/** A moment of the device's clock as the API is told it. */
export function told(device: number, added: number): string {
  return new Date(device + added).toISOString();
}

/** The program's time now, for what the page shows. */
export function now(): Date {
  return new Date(Date.now() + skew);
}
