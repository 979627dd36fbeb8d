import type { EgressEnd, EgressLedger, EgressStart } from "../egress-ledger.ts";

export type MemoryRow = EgressStart & (EgressEnd | { readonly result: "open" });

/** The outbound record as a list; ending a row twice, or one that was never begun, throws. */
export function createMemoryLedger(): EgressLedger & { readonly rows: readonly MemoryRow[] } {
  const rows: MemoryRow[] = [];
  return {
    rows,
    begin: (entry) => String(rows.push({ ...entry, result: "open" }) - 1),
    finish(id, end) {
      const row = rows[Number(id)];
      if (row?.result !== "open") throw new Error(`row ${id} is not open`);
      rows[Number(id)] = { ...row, ...end };
    },
  };
}
