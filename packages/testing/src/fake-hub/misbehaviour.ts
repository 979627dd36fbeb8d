/** What the fake hub does wrong with one request. Offsets are from the first byte of that answer's body. */
export type Misbehaviour =
  /** The connection ends after so many bytes of the body. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** No more bytes, and the connection stays open. */
  | { readonly kind: "stall"; readonly afterBytes: number }
  /** Another part of the file than asked for, said so in Content-Range. */
  | { readonly kind: "wrong-range"; readonly shiftBytes: number }
  /** The part asked for is announced, another one sent. */
  | { readonly kind: "shifted-bytes"; readonly shiftBytes: number }
  /** The part with status 200 and its Content-Range, as ModelScope answers; `shiftBytes`: another part than asked for. */
  | { readonly kind: "range-as-200"; readonly shiftBytes: number }
  /** 200 with the whole file instead of 206. */
  | { readonly kind: "ignore-range" }
  /** One byte differs. */
  | { readonly kind: "wrong-byte"; readonly at: number }
  /** Content-Length and the total in Content-Range are off by so much; the body is as long as it should be. */
  | { readonly kind: "wrong-length"; readonly byBytes: number }
  /** Other contents of the same length under another ETag, as after an upload. */
  | { readonly kind: "changed-file" }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: "redirect-loop" }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "slow-drip"; readonly bytesPerTick: number; readonly everyMs: number }
  | { readonly kind: "huge-headers"; readonly bytes: number }
  /** A web page with status 200, as captive portals and proxies answer. */
  | { readonly kind: "html" }
  /** Says gzip though nobody accepts it. */
  | { readonly kind: "gzip" }
  /** The connection is reset before an answer. */
  | { readonly kind: "reset" };

export type RouteKind = "search" | "info" | "tree" | "resolve" | "cdn" | "other";

/** A request as it arrived. */
export interface FakeHubRequest {
  /** Counts from 0. */
  readonly index: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly kind: RouteKind;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `end` is not included, null when open. */
  readonly range: { readonly start: number; readonly end: number | null } | null;
}

/** Null: as it should be. */
export type Misbehave = (request: FakeHubRequest) => Misbehaviour | null;

/** The first `times` requests of a kind go wrong, the later ones do not. */
export function firstRequests(kind: RouteKind, times: number, misbehaviour: Misbehaviour): Misbehave {
  let left = times;
  return (request) => {
    if (request.kind !== kind || left === 0) return null;
    left--;
    return misbehaviour;
  };
}

/** A seeded mix of everything that can go wrong while a file is fetched: `share` (0 to 1) of the requests. */
export function seededMisbehave(random: { next(): number; below(limit: number): number }, share: number): Misbehave {
  return ({ kind }) => {
    if ((kind !== "cdn" && kind !== "resolve") || random.next() >= share) return null;
    const afterBytes = random.below(65_536);
    const shiftBytes = 1 + random.below(4096);
    const choices: readonly Misbehaviour[] = [
      { kind: "cut", afterBytes },
      { kind: "stall", afterBytes },
      { kind: "wrong-range", shiftBytes },
      { kind: "shifted-bytes", shiftBytes },
      { kind: "ignore-range" },
      { kind: "range-as-200", shiftBytes: random.below(2) * shiftBytes },
      { kind: "wrong-byte", at: afterBytes },
      { kind: "wrong-length", byBytes: shiftBytes },
      { kind: "wrong-length", byBytes: -shiftBytes },
      { kind: "changed-file" },
      { kind: "status", status: 429, retryAfter: "0" },
      { kind: "status", status: 503 },
      { kind: "status", status: 500 },
      { kind: "redirect-loop" },
      { kind: "slow-drip", bytesPerTick: 4096 + afterBytes, everyMs: 5 },
      { kind: "huge-headers", bytes: 64 * 1024 },
      { kind: "html" },
      { kind: "gzip" },
      { kind: "reset" },
    ];
    return choices[random.below(choices.length)] ?? null;
  };
}
