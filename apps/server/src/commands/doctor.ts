import { openRecordedMachine } from "@deskside/backend";
import {
  type DoctorCheck,
  type DoctorReport,
  doctorReportSchema,
  type EngineBinaries,
  type InstalledModel,
  type MachineProfile,
  type SystemInfo,
} from "@deskside/contract";
import { createWords, describeFitReason, describeProbeNote, describeWhyCpu } from "@deskside/ui/words";
import { type DesksideClient, openSession } from "../open-session.ts";
import { modelsDir } from "../places.ts";
import { systemLanguages } from "../report-failure.ts";
import { versions } from "../versions.ts";

export interface DoctorOptions {
  dataDir: string;
  json: boolean;
  /** A recorded machine instead of this one: then no data directory is touched. */
  fixture: string | null;
}

const recommended = 6;

/** What this machine is, what runs on it and whether all is in order. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const report = options.fixture === null ? await inspect(options.dataDir) : await inspectRecorded(options.fixture);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : print(report));
}

async function inspect(dataDir: string): Promise<DoctorReport> {
  await using session = await openSession(dataDir);
  const { client } = session;
  const [info, models, profile, recommendations, binaries, threads] = await Promise.all([
    client.system.info(),
    client.model.list(),
    client.hardware.profile(),
    client.hardware.recommendations({ limit: recommended }),
    client.engineBinaries.list(),
    threadsOf(client),
  ]);
  return doctorReportSchema.parse({
    machine: profile,
    engine: { library: `node-llama-cpp ${info.versions.engineLibrary}`, ...usedApi(binaries, profile), threads },
    versions: { ...info.versions },
    checks: [...storeChecks(info), ...models.map(modelCheck), ...binaryChecks(binaries)],
    recommendations,
    warnings: profile.notes,
  });
}

async function inspectRecorded(folder: string): Promise<DoctorReport> {
  const { profile, advisor } = await openRecordedMachine(folder, modelsDir());
  const recommendations = advisor.recommendations(recommended);
  const apis = [...profile.gpus.filter(({ vendor }) => vendor !== "software").map(({ api }) => api), "none" as const];
  return doctorReportSchema.parse({
    machine: profile,
    engine: { library: null, apis: [...new Set(apis)], api: apis[0], whyCpu: null, threads: advisor.threads },
    versions: { deskside: versions.deskside, node: versions.node },
    checks: [],
    recommendations,
    warnings: profile.notes,
  });
}

/** As the largest built-in model is loaded. */
async function threadsOf(client: DesksideClient): Promise<number> {
  const models = (await client.model.list()).filter((model) => model.role === "chat" && model.problem === null);
  const largest = models.toSorted((a, b) => b.sizeBytes - a.sizeBytes)[0];
  if (!largest) return 1;
  return (await client.hardware.fit({ model: largest.id })).plan.threads;
}

/** The fastest API whose program is here and passed its trial; the reason why it is the processor, where a GPU exists. */
function usedApi({ binaries }: EngineBinaries, { gpus }: MachineProfile) {
  const there = binaries.filter(({ state }) => state === "bundled" || state === "fetched").map(({ api }) => api);
  const working = binaries.find(({ api, trial }) => api !== "none" && trial?.passed && trial.whyCpu === null);
  const failed = binaries.find(({ api, trial }) => api !== "none" && trial && trial.whyCpu !== null);
  const hasGpu = gpus.some(({ vendor }) => vendor !== "software");
  const whyCpu = working || !hasGpu ? null : (failed?.trial?.whyCpu ?? "no-engine-binary");
  return { apis: there, api: working?.api ?? "none", whyCpu };
}

function storeChecks({ store }: SystemInfo): DoctorCheck[] {
  return [
    { name: "store", ok: store.readOnly === null, detail: store.readOnly ?? "open, encrypted, writable" },
    { name: "quarantine", ok: store.quarantined === null, detail: store.quarantined?.path ?? "nothing put aside" },
  ];
}

function modelCheck({ id, problem, fileName }: InstalledModel): DoctorCheck {
  return { name: `model ${id}`, ok: problem === null, detail: problem?.code ?? fileName };
}

function binaryChecks({ binaries }: EngineBinaries): DoctorCheck[] {
  return binaries
    .filter(({ state }) => state === "bundled" || state === "fetched" || state === "damaged")
    .map(({ api, state, trial }) => ({
      name: `engine ${api}`,
      ok: state !== "damaged" && (trial === null || trial.passed),
      detail: trial === null ? state : trial.passed ? `${state}, tested` : (trial.cause ?? trial.detail),
    }));
}

function print(report: DoctorReport): string {
  const words = createWords(systemLanguages());
  const { format } = words;
  const { machine, engine } = report;
  const perSecond = (bytes: number | null) => (bytes === null ? "" : `, ${Math.round(bytes / 1e9)} GB/s`);
  const size = (bytes: number | null) => (bytes === null ? "?" : format.bytes(bytes));
  const lines = [
    Object.entries(report.versions)
      .filter(([, version]) => version !== null)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    `${machine.cpu.name}, ${machine.cpu.physicalCores} cores (${machine.cpu.instructionSets.join(" ")})`,
    `RAM ${size(machine.memory.totalBytes)}, ${size(machine.memory.freeBytes)} free${perSecond(machine.memory.bandwidthBytesPerSecond)}`,
    ...machine.gpus.map(
      (gpu) =>
        `GPU ${gpu.name}: ${gpu.api}, ${size(gpu.vramTotalBytes)}, ${size(gpu.vramFreeBytes)} free${perSecond(gpu.bandwidthBytesPerSecond)}${gpu.driver ? `, driver ${gpu.driver}` : ""}`,
    ),
    `Engine: ${engine.library ?? "–"}, ${engine.api === "none" ? "CPU" : engine.api}, ${engine.threads} threads${engine.whyCpu ? ` – ${describeWhyCpu(engine.whyCpu, words)}` : ""}`,
    ...report.checks.map((check) => `${check.ok ? "ok  " : "FAIL"} ${check.name}: ${check.detail}`),
    ...report.warnings.map(
      (warning) => `!    ${"subject" in warning ? describeProbeNote(warning, words) : warning.code}`,
    ),
    ...report.recommendations.flatMap((one) => [
      `>    ${one.name} ${one.quantization ?? ""}: ${size(one.predicted.memoryBytes)}, ~ ${one.predicted.tokensPerSecond === null ? "–" : format.speed(one.predicted.tokensPerSecond)}`,
      ...one.because.slice(0, 2).map((reason) => `       ${describeFitReason(reason, words)}`),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}
