import { isDesksideError, sleep } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { HttpResponse } from "./http-client.ts";

export interface RetryOptions {
  /** Tries in all; default 4. */
  readonly tries?: number;
  /** Wait before the second try, doubled each time, ± 25 %. Default 500 ms. */
  readonly firstWaitMs?: number;
  /** A server that asks for more is not waited for. Default 20 s. */
  readonly longestWaitMs?: number;
  readonly wait?: (ms: number, options: { signal?: AbortSignal }) => Promise<void>;
  readonly random?: () => number;
}

const defaults = { tries: 4, firstWaitMs: 500, longestWaitMs: 20_000, wait: sleep, random: Math.random };

const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Runs `attempt`, reading of the body included, until there is an answer that will not be another one a moment later.
 * Waits as `Retry-After` says, else longer each time. Throws HUB_RATE_LIMITED (429), HUB_UNAVAILABLE (no answer, a
 * broken one or only 5xx), the signal's reason, and what else `attempt` throws. `hub` is the name for people.
 */
export async function retry<T extends { readonly status: number } & Partial<HttpResponse>>(
  attempt: () => Promise<T>,
  hub: string,
  options: RetryOptions & { signal?: AbortSignal } = {},
): Promise<T> {
  const { tries, firstWaitMs, longestWaitMs, wait, random } = { ...defaults, ...options };
  const signal = options.signal ? { signal: options.signal } : {};
  for (let made = 1; ; made++) {
    const outcome = await settle(attempt, hub);
    if ("answer" in outcome && !passingStatuses.has(outcome.answer.status)) return outcome.answer;
    const asked = "answer" in outcome ? retryAfterMs(outcome.answer.headers ?? {}) : null;
    if ("answer" in outcome) outcome.answer[Symbol.dispose]?.();
    if (made >= tries || (asked !== null && asked > longestWaitMs)) throw failure(outcome, hub, asked);
    const ownWait = firstWaitMs * 2 ** (made - 1) * (0.75 + random() / 2);
    await wait(Math.min(longestWaitMs, Math.max(asked ?? 0, asked === null ? ownWait : 0)), signal);
  }
}

type Outcome<T> = { readonly answer: T } | { readonly error: Error };

/** Only a failed connection is worth another try; everything else is thrown. */
async function settle<T>(attempt: () => Promise<T>, hub: string): Promise<Outcome<T>> {
  try {
    return { answer: await attempt() };
  } catch (error) {
    if (!isDesksideError(error, "EGRESS_FAILED")) throw error;
    const detail = String(error.data["detail"]);
    return { error: deskError("HUB_UNAVAILABLE", { hub, status: null, detail }, { cause: error }) };
  }
}

function failure<T extends { readonly status: number }>(outcome: Outcome<T>, hub: string, asked: number | null): Error {
  if ("error" in outcome) return outcome.error;
  const { status } = outcome.answer;
  if (status === 429) return deskError("HUB_RATE_LIMITED", { hub, retryAfterMs: asked });
  return deskError("HUB_UNAVAILABLE", { hub, status, detail: `status ${status}` });
}

/**
 * What a server asks to wait, in milliseconds; null when it does not say. Seconds or a date (RFC 9110, 10.2.3), or the
 * `t` of the `RateLimit` field (draft-ietf-httpapi-ratelimit-headers), which Hugging Face sends.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string | undefined>>,
  now: number = Date.now(),
): number | null {
  const text = headers["retry-after"]?.trim();
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = text?.endsWith(" GMT") === true ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(date)) return Math.max(0, date - now);
  const limit = /;\s*r=0\b.*;\s*t=(\d{1,9})\b/.exec(headers["ratelimit"] ?? "");
  return limit ? Number(limit[1]) * 1000 : null;
}
