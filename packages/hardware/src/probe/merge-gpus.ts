import { type FoundGpu, normalBusId } from "./found-gpu.ts";
import { plainName } from "./graphics/gpu-names.ts";

/**
 * Joins what the vendors' tools found with the base list. A device is the same by PCI bus id; where one of the two names
 * none, by vendor and name; then by vendor alone, when one is left on each side. Each base entry is used once, so that
 * two cards of one name stay two. `known` = further devices that a tool knows and that must not come back from the base.
 */
export function mergeGpus(
  tools: readonly FoundGpu[],
  base: readonly FoundGpu[],
  known: readonly FoundGpu[] = [],
): FoundGpu[] {
  const left = new Set(base);
  const partners = new Map<FoundGpu, FoundGpu>();
  // Slices of one board share its bus: all of them match the board's one entry.
  const all = [...tools, ...known.filter((one) => !tools.includes(one))];
  const take = (accept: (tool: FoundGpu, entry: FoundGpu, open: readonly FoundGpu[]) => boolean) => {
    for (const tool of all) {
      if (partners.has(tool)) continue;
      const open = [...left];
      const entry = open.find((one) => one.vendor === tool.vendor && accept(tool, one, open));
      if (!entry) continue;
      for (const other of all) if (other === tool || sameBus(other, tool)) partners.set(other, entry);
      left.delete(entry);
    }
  };
  take(sameBus);
  take((tool, entry) => !bothHaveBus(tool, entry) && plainName(tool.name) === plainName(entry.name));
  take(
    (tool, entry, open) =>
      !bothHaveBus(tool, entry) &&
      open.filter((one) => one.vendor === tool.vendor).length === 1 &&
      all.filter((one) => one.vendor === tool.vendor && !partners.has(one)).length === 1,
  );
  // Names that do not agree must not make one card two: what is left is the tool's unmatched one under another name.
  const same = (entry: FoundGpu) =>
    all.some((tool) => tool.vendor === entry.vendor && !partners.has(tool) && !bothHaveBus(tool, entry));
  return [...tools.map((tool) => fill(tool, partners.get(tool))), ...[...left].filter((entry) => !same(entry))];
}

function sameBus(a: FoundGpu, b: FoundGpu): boolean {
  const bus = normalBusId(a.busId);
  return bus !== null && bus === normalBusId(b.busId);
}

function bothHaveBus(a: FoundGpu, b: FoundGpu): boolean {
  return normalBusId(a.busId) !== null && normalBusId(b.busId) !== null;
}

const placeholder = /^(?:nvidia|amd|intel|apple|unknown)? ?gpu$/i;

function fill(tool: FoundGpu, base: FoundGpu | undefined): FoundGpu {
  if (!base) return tool;
  const vramTotalBytes = tool.vramTotalBytes ?? base.vramTotalBytes;
  return {
    ...tool,
    name: tool.name === "" || placeholder.test(tool.name) ? base.name : tool.name,
    busId: tool.busId ?? base.busId,
    unified: tool.unified ?? base.unified,
    vramTotalBytes,
    vramFreeBytes: tool.vramFreeBytes ?? (tool.vramTotalBytes === null ? base.vramFreeBytes : null),
    doubtfulBytes: tool.doubtfulBytes ?? base.doubtfulBytes,
    driver: tool.driver ?? base.driver,
    capability: tool.capability ?? base.capability,
    gpuCores: tool.gpuCores ?? base.gpuCores,
    working: tool.working ?? base.working,
  };
}
