import type { ConnectionReading, EgressEntry } from "@deskside/contract";
import type { ConnectionPhase } from "../../app/state/connection-store.ts";

export type ShieldUnknownReason = "unsupported-system" | "no-permission" | "failed" | "not-connected" | "no-reading";

/** What the shield may claim. Only a reading of the system that shows no socket is "offline". */
export type ShieldView =
  | { readonly state: "offline"; readonly processes: number }
  | { readonly state: "online"; readonly count: number; readonly host: string | null; readonly processes: number }
  | { readonly state: "blocked"; readonly blocked: number; readonly count: number; readonly processes: number }
  | { readonly state: "unknown"; readonly reason: ShieldUnknownReason };

export interface ShieldInput {
  connection: ConnectionPhase;
  reading: ConnectionReading | null;
  egress: readonly EgressEntry[];
  /** When the record was last looked at, in milliseconds since 1970. */
  seenAt: number;
}

export function viewShield({ connection, reading, egress, seenAt }: ShieldInput): ShieldView {
  if (connection !== "connected") return { state: "unknown", reason: "not-connected" };
  if (!reading) return { state: "unknown", reason: "no-reading" };
  if (!reading.known) return { state: "unknown", reason: reading.reason };
  const { connections, processes } = reading;
  const count = connections.length;
  const blocked = egress.filter((entry) => entry.result === "blocked" && entry.at > seenAt).length;
  if (blocked > 0) return { state: "blocked", blocked, count, processes };
  if (count === 0) return { state: "offline", processes };
  const hosts = new Set(connections.map((socket) => socket.host ?? socket.remoteAddress));
  const [only] = hosts;
  return { state: "online", count, host: hosts.size === 1 ? (only ?? null) : null, processes };
}
