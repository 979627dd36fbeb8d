import type { Gpu, ProbeNote } from "@deskside/contract";

/** One device as one tool described it; what it did not say is null. Probes give these, `mergeGpus` joins them. */
export interface FoundGpu {
  readonly vendor: Gpu["vendor"];
  readonly name: string;
  /** As the tool wrote it; `normalBusId` makes it comparable. */
  readonly busId: string | null;
  readonly uuid: string | null;
  /** The tool's own number, to find the device in the tool's other outputs. */
  readonly index: number | null;
  readonly unified: boolean | null;
  readonly vramTotalBytes: number | null;
  readonly vramFreeBytes: number | null;
  /** A size that may be another thing (a PCI window, the end of a 32-bit field): true only if the table has it too. */
  readonly doubtfulBytes: number | null;
  /** Memory of the machine that an AMD device may map (GTT), and what of it is mapped. */
  readonly sharedTotalBytes: number | null;
  readonly sharedUsedBytes: number | null;
  readonly driver: string | null;
  readonly capability: string | null;
  readonly gpuCores: number | null;
  readonly migUuid: string | null;
  /** False = the driver does not work; the device is there all the same. Null = not known. */
  readonly working: boolean | null;
}

export const unknownGpu: FoundGpu = {
  vendor: "unknown",
  name: "",
  busId: null,
  uuid: null,
  index: null,
  unified: null,
  vramTotalBytes: null,
  vramFreeBytes: null,
  doubtfulBytes: null,
  sharedTotalBytes: null,
  sharedUsedBytes: null,
  driver: null,
  capability: null,
  gpuCores: null,
  migUuid: null,
  working: null,
};

/** What a probe of one vendor found. */
export interface Probed {
  readonly gpus: readonly FoundGpu[];
  readonly notes: readonly ProbeNote[];
}

/** `00000000:01:00.0`, `0000:01:00.0`, `01:00.0`, `PCI:1:0:0` as `0000:01:00.0`; null for anything else. */
export function normalBusId(text: string | null | undefined): string | null {
  const match = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})[.:]([0-7])$/i.exec(text?.trim() ?? "");
  if (!match?.[2] || !match[3] || !match[4]) return null;
  const domain = (match[1] ?? "0").replace(/^0+(?=.)/, "").padStart(4, "0");
  return `${domain}:${match[2].padStart(2, "0")}:${match[3].padStart(2, "0")}.${match[4]}`.toLowerCase();
}
