import type { Clock, DesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { DownloadSource, TransferTuning } from "../download-types.ts";
import { backoffMs } from "./backoff.ts";
import type { TransferFault } from "./transfer-fault.ts";

/** One source of one file, and what was learnt about it. */
export interface SourceState {
  readonly source: DownloadSource;
  /** Failures in a row. */
  failures: number;
  /** Of these, answers that were about another file. */
  suspicions: number;
  /** Monotonic time before which it is not asked again. */
  retryAt: number;
  /** Why it is of no use any more. */
  dead: DesksideError | null;
  /** It died of a broken line, or asked for time: later it may be of use again. */
  outage: TransferFault | null;
  lastError: DesksideError | null;
  /** It has answered with a range. */
  hasRanges: boolean;
  /** Answers with a whole file to a question for a part, in a row. */
  wholeAnswers: number;
  /** Only whole files can be had here. */
  isWholeOnly: boolean;
  /** How many connections it stands. */
  parallel: number;
  /** ETag or date of the file it gave bytes of; null: none yet. */
  validator: string | null;
  /** How often its file was another one than before. */
  changes: number;
}

export interface SourceChoice {
  readonly states: readonly SourceState[];
  /**
   * The source to use now. Throws when none is left: a wrong hash first; then, as TransferFault, what may pass by
   * itself; else the last failure.
   */
  pick(file: string): SourceState;
  /** Counts a fault. True when another source should be tried now. */
  fail(state: SourceState, fault: TransferFault): boolean;
  /** Bytes came. */
  succeed(state: SourceState): void;
  /** Takes a source out of use. */
  drop(name: string, error: DesksideError): void;
}

/** After so many failures in a row another source is tried, when there is one. */
const failuresBeforeSwitch = 3;
const maxSuspicions = 3;

/** Sources in order of preference; one that fails goes behind the others and comes back when they fail too. */
export function createSourceChoice(
  sources: readonly DownloadSource[],
  tuning: TransferTuning,
  clock: Clock,
  random: () => number,
): SourceChoice {
  const states = sources.map((source) => unusedSource(source, tuning.parallel));
  const alive = () => states.filter(({ dead }) => dead === null);
  const tier = ({ failures }: SourceState) => Math.floor(failures / failuresBeforeSwitch);
  let lastDeath: DesksideError | null = null;
  const bury = (state: SourceState, error: DesksideError) => {
    state.dead = error;
    lastDeath = error;
  };
  return {
    states,
    pick(file) {
      const best = alive().sort((a, b) => tier(a) - tier(b))[0];
      if (best) return best;
      const wrongBytes = states.find(({ dead }) => dead?.code === "DOWNLOAD_HASH_MISMATCH");
      const outage = states.find((state) => state.outage !== null)?.outage;
      throw (
        wrongBytes?.dead ??
        outage ??
        lastDeath ??
        deskError("DOWNLOAD_FAILED", { file, source: "", detail: "no source" })
      );
    },
    fail(state, fault) {
      state.lastError = fault.error;
      const now = clock.monotonic();
      // Connections that fall together are one failure.
      if (fault.kind !== "fatal" && now < state.retryAt) return false;
      state.failures++;
      if (fault.kind === "suspect") state.suspicions++;
      if (fault.isBusy) state.parallel = Math.max(1, Math.floor(state.parallel / 2));
      const asked = fault.retryAfterMs;
      const wait = backoffMs(state.failures, tuning.backoffBaseMs, tuning.backoffMaxMs, random);
      state.retryAt = now + Math.max(wait, asked ?? 0);
      const isHopeless = asked !== null && asked > tuning.maxRetryAfterMs;
      const isUseless = fault.kind === "fatal" || isHopeless || state.suspicions >= maxSuspicions;
      if (isUseless || state.failures >= tuning.maxFailures) {
        bury(state, fault.error);
        if (fault.kind === "transient") state.outage = fault;
      }
      if (state.dead !== null) return true;
      return alive().some((other) => other !== state && tier(other) < tier(state));
    },
    succeed(state) {
      state.failures = 0;
      state.suspicions = 0;
      state.retryAt = 0;
    },
    drop(name, error) {
      for (const state of states) if (state.source.name === name && state.dead === null) bury(state, error);
    },
  };
}

function unusedSource(source: DownloadSource, parallel: number): SourceState {
  return {
    source,
    failures: 0,
    suspicions: 0,
    retryAt: 0,
    dead: null,
    outage: null,
    lastError: null,
    hasRanges: false,
    wholeAnswers: 0,
    isWholeOnly: false,
    parallel,
    validator: null,
    changes: 0,
  };
}
