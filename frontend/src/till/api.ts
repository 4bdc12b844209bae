/** How the till speaks to the server: by its device's key, and by whoever stands there. */
import type { Problem } from "./model";
import { answered, unanswered } from "./net";
import { language } from "./texts";

/** The server did not answer, or could not: whatever was asked may be asked again. */
export class NoAnswer extends Error {}

/** The server said no. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export interface Asked {
  method?: "GET" | "POST" | "PATCH";
  body?: unknown;
  /** The device's key; null for the one request that has none yet. */
  key: string | null;
  headers?: Record<string, string>;
  seconds?: number;
  /** Says that nobody waits for the answer any more; it comes, and is let go of. */
  signal?: AbortSignal;
}

const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Ask the server for something.
 *
 * Throws Refused where it says no, and NoAnswer where nothing is known of what became of it.
 */
export async function ask<T>(path: string, asked: Asked): Promise<T> {
  const began = performance.now();
  const signal = AbortSignal.timeout((asked.seconds ?? 10) * 1_000);
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method: asked.method ?? (asked.body === undefined ? "GET" : "POST"),
      headers: {
        accept: "application/json",
        "accept-language": language,
        ...(asked.body === undefined ? {} : { "content-type": "application/json" }),
        ...(asked.key === null ? {} : { authorization: `Bearer ${asked.key}` }),
        ...asked.headers,
      },
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
      cache: "no-store",
      credentials: "same-origin",
      signal,
    });
    text = await response.text();
  } catch (error) {
    unanswered();
    throw new NoAnswer(String(error));
  }
  const told = parsed(text);
  if (response.ok && told !== undefined) {
    answered(performance.now() - began);
    return told as T;
  }
  const facts = (told ?? {}) as Record<string, unknown>;
  const code = typeof facts["code"] === "string" ? facts["code"] : "";
  // A lock at the till, too many codes: these are answers. What has no code is not Fiel's answer.
  const isFinal = code && (!LATER.has(response.status) || code === "till_locked" || (code === "rate_limited" && asked.key === null));
  if (!isFinal || code === "idempotency_in_progress") {
    if (response.status !== 429) unanswered();
    throw new NoAnswer(`${response.status} ${code}`);
  }
  answered(performance.now() - began);
  throw new Refused({
    status: response.status,
    code,
    detail: String(facts["detail"] ?? ""),
    errors: (facts["errors"] ?? []) as NonNullable<Problem["errors"]>,
    facts,
  });
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
