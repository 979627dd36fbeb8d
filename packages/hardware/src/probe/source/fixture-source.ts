import { join } from "node:path";
import { type Machine, readMachine } from "../../machine/machine.ts";
import type { MemoryTotals } from "../../memory/memory-sampler.ts";
import { parseMemoryInfo } from "../../memory/meminfo.ts";
import { numberOf, recordOf, textOf } from "../loose-values.ts";
import {
  type FixtureCommand,
  type FixtureManifest,
  invalid,
  parseJson,
  readFixtureFile,
  readFixtureManifest,
} from "./fixture-manifest.ts";
import { type CommandResult, longestOutputBytes, type ProbeSource } from "./probe-source.ts";
import { answerNvidiaSmi } from "./recorded-nvidia-smi.ts";

/**
 * A recorded machine: a folder with `manifest.json` and the files it names. Nothing of the running machine is read.
 * Commands match by base name without `.exe` and by exact arguments; what is not listed does not exist. Rejects with
 * FIXTURE_INVALID when the manifest, or a file it names, cannot be read.
 */
export async function fixtureSource(folder: string): Promise<ProbeSource> {
  const manifest = await readFixtureManifest(folder);
  const [information, nvidia, outputs, files] = await Promise.all([
    readJson(folder, manifest.systeminformation),
    readJson(folder, manifest.nvidiaSmi),
    readOutputs(folder, manifest),
    readFiles(folder, manifest.files ?? {}),
  ]);
  const facts = recordOf(information) ?? {};
  const readFile = async (path: string) => files.get(path) ?? null;
  const platform = manifest.platform as NodeJS.Platform;
  return {
    platform,
    arch: manifest.arch,
    async run(command, args) {
      const listed = outputs.find(
        (one) => nameOf(one.recorded.command) === nameOf(command) && sameArgs(one.recorded.args, args),
      );
      if (listed) return listed.result;
      return nvidia !== null && nameOf(command) === "nvidia-smi"
        ? answerNvidiaSmi(nvidia, args)
        : { status: "missing" };
    },
    follow: () => ({ ended: Promise.resolve(), stop: () => undefined }),
    readText: readFile,
    async listFolder(path) {
      const prefix = path.endsWith("/") ? path : `${path}/`;
      const names = [...files.keys()].filter((one) => one.startsWith(prefix));
      return [...new Set(names.map((one) => one.slice(prefix.length).split("/")[0] ?? ""))].sort();
    },
    async systemInformation(name) {
      if (!Object.hasOwn(facts, name)) throw new Error(`${name} was not recorded`);
      return facts[name];
    },
    machine: () => machineOf(facts, platform, manifest.arch, readFile),
    memory: () => memoryOf(facts, readFile),
  };
}

async function readJson(folder: string, name: string | null | undefined): Promise<unknown> {
  if (!name) return null;
  return parseJson(await readFixtureFile(folder, name), join(folder, name));
}

interface Recorded {
  readonly recorded: FixtureCommand;
  readonly result: CommandResult;
}

function readOutputs(folder: string, { commands }: FixtureManifest): Promise<Recorded[]> {
  const output = async (file: string | null | undefined) =>
    file ? (await readText(folder, file)).slice(0, longestOutputBytes) : "";
  return Promise.all(
    (commands ?? []).map(async (recorded): Promise<Recorded> => {
      if (recorded.timedOut) return { recorded, result: { status: "timed-out" } };
      const [stdout, stderr] = await Promise.all([output(recorded.stdout), output(recorded.stderr)]);
      return { recorded, result: { status: "done", exitCode: recorded.exitCode ?? 0, stdout, stderr } };
    }),
  );
}

/** A file of the folder, unless it holds a line break: then it is the text itself, for one-line files of /sys. */
async function readText(folder: string, fileOrText: string): Promise<string> {
  return fileOrText.includes("\n") ? fileOrText : await readFixtureFile(folder, fileOrText);
}

async function readFiles(folder: string, files: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const read = Object.entries(files).map(async ([path, name]) => {
    if (!path.startsWith("/")) throw invalid(join(folder, "manifest.json"), `files: ${path} is not a full path`);
    return [path, await readText(folder, name)] as const;
  });
  return new Map(await Promise.all(read));
}

function nameOf(command: string): string {
  return (command.split(/[\\/]/).at(-1) ?? "").toLowerCase().replace(/\.exe$/, "");
}

function sameArgs(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((arg, index) => arg === b[index]);
}

type Facts = Readonly<Record<string, unknown>>;

async function machineOf(
  facts: Facts,
  platform: NodeJS.Platform,
  arch: string,
  readText: ProbeSource["readText"],
): Promise<Machine> {
  const cpu = recordOf(facts["cpu"]) ?? {};
  const [maker, brand] = [textOf(cpu["manufacturer"]), textOf(cpu["brand"])];
  const name = brand.toLowerCase().startsWith(maker.toLowerCase()) ? brand : `${maker} ${brand}`.trim();
  const logicalCores = Math.max(1, Math.round(numberOf(cpu["cores"]) ?? numberOf(cpu["physicalCores"]) ?? 1));
  const physicalCores = Math.max(1, Math.round(numberOf(cpu["physicalCores"]) ?? logicalCores));
  const { totalBytes } = await memoryOf(facts, readText);
  const machine = await readMachine({
    platform,
    arch,
    readText,
    cpuModel: () => name,
    availableParallelism: () => logicalCores,
    totalMemoryBytes: () => totalBytes,
    readForeignCpu: async () => ({ name, physicalCores }),
  });
  // Without the kernel's list of processors, Linux too has only what systeminformation said.
  const listed = platform === "linux" && (await readText("/proc/self/status")) !== null;
  return listed ? machine : { ...machine, physicalCores: Math.min(physicalCores, machine.logicalCores) };
}

/** 0 in total = the recording does not say; detection notes it. */
async function memoryOf(facts: Facts, readText: ProbeSource["readText"]): Promise<MemoryTotals> {
  const mem = recordOf(facts["mem"]) ?? {};
  const info = parseMemoryInfo((await readText("/proc/meminfo")) ?? "");
  const totalBytes = Math.max(0, numberOf(mem["total"]) ?? info.totalBytes ?? 0);
  const free = numberOf(mem["available"]) ?? info.availableBytes ?? numberOf(mem["free"]) ?? totalBytes;
  return { totalBytes, usedBytes: Math.max(0, totalBytes - Math.max(0, free)) };
}
