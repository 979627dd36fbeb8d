import type { Socket } from "node:net";
import { type DesksideError, isDesksideError } from "@deskside/base";
import type { EgressEnd, EgressLedger, EgressStart } from "./egress-ledger.ts";

/** The row of one hop, from before it is sent to its end. */
export interface EgressRow {
  /** Whose bytes are counted. */
  use(socket: Socket): void;
  /** Only the first end counts. */
  finish(result: EgressEnd["result"], reason: string | null): void;
  fail(error: unknown, signal: AbortSignal): void;
}

/**
 * Throws what the ledger throws, and then nothing is sent. A row that cannot be finished stays open, as the record
 * then says, and `onRecordError` hears of it: what was sent cannot be taken back.
 */
export function openRow(ledger: EgressLedger, start: EgressStart, onRecordError: (error: unknown) => void): EgressRow {
  const id = ledger.begin(start);
  let socket: Socket | undefined;
  let isOpen = true;
  const finish: EgressRow["finish"] = (result, reason) => {
    if (!isOpen) return;
    isOpen = false;
    const bytes = { sentBytes: socket?.bytesWritten ?? 0, receivedBytes: socket?.bytesRead ?? 0 };
    try {
      ledger.finish(id, { result, reason, ...bytes });
    } catch (error) {
      onRecordError(error);
    }
  };
  return {
    use(used) {
      socket = used;
    },
    finish,
    fail: (error, signal) => finish(...outcomeOf(error, signal)),
  };
}

function outcomeOf(error: unknown, signal: AbortSignal): ["blocked" | "failed", string] {
  if (isDesksideError(error, "EGRESS_BLOCKED")) {
    const reason = String(error.data["reason"]);
    return ["blocked", reason === "policy" ? error.message : reason];
  }
  if (isDesksideError(error) && error.code.startsWith("PROXY_")) return ["failed", wordOf(error)];
  if (isDesksideError(error, "EGRESS_FAILED")) return ["failed", String(error.data["detail"])];
  return ["failed", signal.aborted ? "cancelled" : "internal"];
}

/** `proxy-refused 403`, `proxy-unreachable ECONNREFUSED`. */
function wordOf({ code, data }: DesksideError): string {
  const more = [data["status"], data["detail"], data["reason"]].filter(
    (each) => typeof each === "string" || typeof each === "number",
  );
  return [code.toLowerCase().replaceAll("_", "-"), ...more].join(" ");
}
