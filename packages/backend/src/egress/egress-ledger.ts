import type { EgressEntry } from "@deskside/contract";

export type EgressAttempt = Pick<EgressEntry, "host" | "port" | "purpose" | "caller">;
export type EgressStart = EgressAttempt & Pick<EgressEntry, "proxy">;

export type EgressEnd = Pick<EgressEntry, "reason" | "sentBytes" | "receivedBytes"> & {
  readonly result: Exclude<EgressEntry["result"], "open">;
};

/** The outbound record. Nothing leaves before its row is written: when `begin` throws, there is no connection. */
export interface EgressLedger {
  /** Writes a row with the result `open` and returns its id. */
  begin(entry: EgressStart): string;
  /** Called once for every id. */
  finish(id: string, end: EgressEnd): void;
}
