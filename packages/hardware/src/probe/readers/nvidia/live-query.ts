import { normalBusId } from "../../found-gpu.ts";
import { numberOf } from "../../loose-values.ts";
import type { DmonReading } from "../../nvidia/nvidia-dmon.ts";
import { memoryOf, parseNvidiaTable } from "../../nvidia/nvidia-query.ts";
import type { ProbeSource } from "../../source/probe-source.ts";

const fields = [
  "index",
  "pci.bus_id",
  "utilization.gpu",
  "memory.used",
  "temperature.gpu",
  "power.draw",
  "clocks.current.sm",
] as const;

/** Figures of one GPU, and its PCI bus id: `dmon` names GPUs by number only. */
export interface QueriedGpu extends DmonReading {
  readonly busId: string;
}

/** Asks once, by a process of its own. Empty when the tool is missing, late or fails. PCIe traffic is no field of it. */
export async function queryLive(source: ProbeSource): Promise<readonly QueriedGpu[]> {
  const answer = await source.run("nvidia-smi", [`--query-gpu=${fields.join(",")}`, "--format=csv"]);
  const { rows } = parseNvidiaTable(answer.status === "done" ? answer.stdout : "");
  return rows.flatMap((row): QueriedGpu[] => {
    const value = (field: string) => leadingNumber(row.get(field));
    const [index, busId] = [value("index"), normalBusId(row.get("pci.bus_id"))];
    if (index === null || busId === null) return [];
    const [busy, megahertz] = [value("utilization.gpu"), value("clocks.current.sm") ?? value("clocks.sm")];
    return [
      {
        ...{ index, busId },
        utilisation: busy === null ? null : Math.min(100, busy),
        usedBytes: memoryOf(row, "memory.used"),
        temperature: value("temperature.gpu"),
        power: value("power.draw"),
        clock: megahertz === null ? null : megahertz * 1e6,
        ...{ receivedPerSecond: null, sentPerSecond: null },
      },
    ];
  });
}

/** `1980 MHz`, `627.40 W`, `100 %`, `52`. */
function leadingNumber(text: string | undefined): number | null {
  return numberOf(/^\d{1,9}(?:[.,]\d{1,6})?(?=\s|$)/.exec(text ?? "")?.[0]);
}
