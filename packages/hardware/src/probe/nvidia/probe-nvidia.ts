import type { GpuLink } from "@deskside/contract";
import { type FoundGpu, type Probed, unknownGpu } from "../found-gpu.ts";
import { note, noteOfCommand } from "../probe-notes.ts";
import type { CommandResult, ProbeRunOptions, ProbeSource } from "../source/probe-source.ts";
import {
  coreFields,
  type ListedGpu,
  memoryOf,
  type NvidiaRow,
  optionalFields,
  parseNvidiaList,
  parseNvidiaTable,
  resetMark,
} from "./nvidia-query.ts";
import { type MigBoard, sliceBoards } from "./nvidia-slices.ts";
import { parseTopology, type TopologyLink } from "./nvidia-topology.ts";
import { parseNvidiaXml } from "./nvidia-xml.ts";

const tool = "nvidia-smi";
/** For what is asked once the GPUs are known: with a hanging driver the whole still ends in time. */
const secondLimitMs = 1500;

export interface ProbedNvidia extends Probed {
  readonly links: readonly TopologyLink[];
  /** All boards it knows, also those that are replaced by slices or cannot be used. */
  readonly boards: readonly FoundGpu[];
  /** It hung: nothing else may call it and wait. */
  readonly hangs: boolean;
}

/** Asks nvidia-smi, the core fields first and apart, because one field that a driver does not know fails a whole call. */
export async function probeNvidia(source: ProbeSource, signal?: AbortSignal): Promise<ProbedNvidia> {
  const ask = (args: readonly string[], limitMs?: number) =>
    source.run(tool, args, { signal, ...(limitMs === undefined ? {} : { limitMs }) } satisfies ProbeRunOptions);
  const query = (fields: readonly string[]) => ask([`--query-gpu=${fields.join(",")}`, "--format=csv"]);
  const [core, optional] = await Promise.all([query(coreFields), query(optionalFields)]);
  const table = parseNvidiaTable(core.status === "done" ? core.stdout : "");
  if (table.rows.length === 0) return await withoutTable(core, ask);
  const extras = parseNvidiaTable(optional.status === "done" && optional.exitCode === 0 ? optional.stdout : "").rows;
  const boards = table.rows.map((row, at) => boardOf(row, at, extras));
  const sliced = boards.some((board) => board.migEnabled);
  const [list, report, topology] = await Promise.all([
    sliced ? ask(["-L"], secondLimitMs) : null,
    sliced ? ask(["-q", "-x"], secondLimitMs) : null,
    boards.length > 1 ? ask(["topo", "-m"], secondLimitMs) : null,
  ]);
  const { gpus, notes } = sliceBoards(boards, parseNvidiaList(outputOf(list)), parseNvidiaXml(outputOf(report)));
  const known = boards.map((board) => board.gpu);
  const odd = [
    ...(table.garbled > 0 ? [note("tool-garbled", tool, `${table.garbled} lines`)] : []),
    ...boards.filter((board) => board.needsReset).map((board) => note("gpu-needs-reset", board.gpu.name)),
    ...(topology?.status === "timed-out" ? [note("tool-timed-out", `${tool} topo`)] : []),
    ...(report?.status === "timed-out" ? [note("tool-timed-out", `${tool} -q`)] : []),
  ];
  return { gpus, notes: [...odd, ...notes], links: parseTopology(outputOf(topology)), boards: known, hangs: false };
}

function boardOf(row: NvidiaRow, at: number, extras: readonly NvidiaRow[]): MigBoard & { needsReset: boolean } {
  const index = Number(row.get("index") ?? at);
  const extra = extras.find((one) => one.get("index") === row.get("index") && row.has("index")) ?? new Map();
  const needsReset = row.has(resetMark);
  const vramTotalBytes = memoryOf(row, "memory.total") || null;
  return {
    migEnabled: extra.get("mig.mode.current") === "Enabled",
    needsReset,
    gpu: {
      ...unknownGpu,
      vendor: "nvidia",
      name: row.get("name") ?? "NVIDIA GPU",
      busId: row.get("pci.bus_id") ?? null,
      uuid: row.get("uuid") ?? null,
      index: Number.isInteger(index) ? index : at,
      vramTotalBytes,
      vramFreeBytes: vramTotalBytes === null ? null : freeOf(row, vramTotalBytes),
      driver: row.get("driver_version") ?? null,
      capability: /^\d{1,2}\.\d$/.exec(extra.get("compute_cap") ?? "")?.[0] ?? null,
      working: !needsReset,
    },
  };
}

function freeOf(row: NvidiaRow, totalBytes: number): number | null {
  const used = memoryOf(row, "memory.used");
  const free = memoryOf(row, "memory.free") ?? (used === null ? null : totalBytes - used);
  return free === null ? null : Math.min(Math.max(0, free), totalBytes);
}

type Ask = (args: readonly string[], limitMs?: number) => Promise<CommandResult>;

/** The query gave no GPU: says why, and tries the report and the list, which some recordings and old drivers have. */
async function withoutTable(core: CommandResult, ask: Ask): Promise<ProbedNvidia> {
  const nothing = { gpus: [], boards: [], links: [], hangs: false };
  if (core.status === "timed-out") return { ...nothing, hangs: true, notes: noteOfCommand(tool, core) };
  const said = core.status === "done" ? `${core.stdout}\n${core.stderr}` : "";
  if (/no devices were found/i.test(said)) return { ...nothing, notes: [] };
  if (isDriverProblem(core, said)) return { ...nothing, notes: [note("driver-not-loaded", "nvidia", said)] };
  const [report, list] = await Promise.all([ask(["-q", "-x"], secondLimitMs), ask(["-L"], secondLimitMs)]);
  const listed = parseNvidiaList(outputOf(list));
  const boards = boardsOfReport(outputOf(report));
  if (boards.length > 0) {
    const { gpus, notes } = sliceBoards(boards, listed, parseNvidiaXml(outputOf(report)));
    return { ...nothing, gpus, boards: boards.map((board) => board.gpu), notes };
  }
  const gpus = listed.map(gpuOfList);
  return { ...nothing, gpus, boards: gpus, notes: core.status === "missing" ? [] : noteOfCommand(tool, core) };
}

/** Exit code 9 = "couldn't communicate with the NVIDIA driver"; a library of another version says so in words. */
function isDriverProblem(core: CommandResult, said: string): boolean {
  return (
    (core.status === "done" && core.exitCode === 9) ||
    /communicate with the NVIDIA driver|Driver\/library version mismatch|Driver Not Loaded|Failed to initialize NVML/i.test(
      said,
    )
  );
}

function boardsOfReport(xml: string): MigBoard[] {
  const report = parseNvidiaXml(xml);
  return report.gpus.map((one, index) => ({
    migEnabled: one.migEnabled,
    gpu: {
      ...unknownGpu,
      vendor: "nvidia",
      name: one.name || "NVIDIA GPU",
      busId: one.busId,
      uuid: one.uuid,
      index,
      vramTotalBytes: one.totalBytes || null,
      vramFreeBytes: one.totalBytes ? one.freeBytes : null,
      driver: report.driver,
      working: true,
    },
  }));
}

function gpuOfList({ index, name, uuid }: ListedGpu): FoundGpu {
  return { ...unknownGpu, vendor: "nvidia", name, uuid, index, working: true };
}

function outputOf(result: CommandResult | null): string {
  return result?.status === "done" ? result.stdout : "";
}

/** Links between devices of the profile: `idOf` names the device of an nvidia-smi number, null where it has none. */
export function linksOf(links: readonly TopologyLink[], idOf: (index: number) => string | null): GpuLink[] {
  return links.flatMap(({ from, to, kind, links: count }): GpuLink[] => {
    const [a, b] = [idOf(from), idOf(to)];
    return a === null || b === null ? [] : [{ from: a, to: b, kind, links: count }];
  });
}
