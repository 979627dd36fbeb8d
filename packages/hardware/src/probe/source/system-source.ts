import { readdir } from "node:fs/promises";
import { win32 } from "node:path";
import { withTimeout } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { readMachine } from "../../machine/machine.ts";
import { createMemorySampler } from "../../memory/memory-sampler.ts";
import { readSystemText } from "../../read-text.ts";
import { readPciControllers } from "../linux/pci-controllers.ts";
import { readVideoControllers } from "../windows/video-controllers.ts";
import { longestCommandMs, type ProbeSource, type SystemFunction } from "./probe-source.ts";
import { followCommand } from "./follow-command.ts";
import { runCommand } from "./run-command.ts";

/** The running machine. */
export function systemSource(): ProbeSource {
  const memory = createMemorySampler();
  const folders = new Map<string, Promise<readonly string[]>>();
  const source: ProbeSource = {
    platform: process.platform,
    arch: process.arch,
    async run(command, args, options = {}) {
      const known = folders.get(command) ?? findPrograms(command);
      folders.set(command, known);
      const cwd = process.platform === "win32" ? systemFolder() : undefined;
      for (const program of await known) {
        const result = await runCommand(program, args, { ...options, cwd });
        if (result.status !== "missing") return result;
      }
      return { status: "missing" };
    },
    follow: (command, args, onLine) => {
      const known = folders.get(command) ?? findPrograms(command);
      folders.set(command, known);
      return followCommand(known, args, onLine, process.platform === "win32" ? systemFolder() : undefined);
    },
    readText: readSystemText,
    listFolder,
    systemInformation: (name) => callSystemInformation(name, source),
    machine: () => readMachine(),
    memory: () => memory.readTotals(),
  };
  return source;
}

const secondLimitMs = 1500;

/**
 * The library's `graphics` runs `nvidia-smi` synchronously and without a limit, which stops this process for as long as
 * a hanging driver hangs. On Linux its list of devices is read from `lspci` instead, on Windows from one PowerShell, and
 * from the library only when that gave nothing and nvidia-smi answers.
 */
async function callSystemInformation(name: SystemFunction, source: ProbeSource): Promise<unknown> {
  if (name === "graphics" && source.platform === "linux") return await readPciControllers(source);
  if (name === "graphics" && source.platform === "win32") {
    const listed = await readVideoControllers(source);
    if (listed) return listed;
    const nvidia = await source.run("nvidia-smi", ["-L"], { limitMs: secondLimitMs });
    if (nvidia.status === "timed-out") throw deskError("TIMED_OUT", { what: "nvidia-smi", ms: secondLimitMs });
  }
  const library = await import("systeminformation");
  const late = () => deskError("TIMED_OUT", { what: `systeminformation.${name}`, ms: longestCommandMs });
  return await withTimeout<unknown>(library[name](), longestCommandMs, late);
}

async function listFolder(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES" || code === "EPERM") return [];
    throw error;
  }
}

function systemFolder(): string {
  return win32.join(process.env["SystemRoot"] ?? "C:\\Windows", "System32");
}

/** Where a program may be, best first: full paths where the vendors put them, then the search path. */
async function findPrograms(command: string): Promise<readonly string[]> {
  if (process.platform === "win32") {
    const system = systemFolder();
    const inSystem =
      command === "powershell"
        ? win32.join(system, "WindowsPowerShell", "v1.0", "powershell.exe")
        : win32.join(system, `${command}.exe`);
    const found = command === "nvidia-smi" ? await findInDriverStore(system) : [];
    return [inSystem, ...found, command];
  }
  const places: Record<string, readonly string[]> = {
    "nvidia-smi": ["/usr/lib/wsl/lib/nvidia-smi"],
    "rocm-smi": ["/opt/rocm/bin/rocm-smi"],
    "amd-smi": ["/opt/rocm/bin/amd-smi"],
    system_profiler: ["/usr/sbin/system_profiler"],
    sysctl: ["/usr/sbin/sysctl"],
    ioreg: ["/usr/sbin/ioreg"],
    lspci: ["/usr/bin/lspci", "/sbin/lspci", "/usr/sbin/lspci"],
  };
  return [command, ...(places[command] ?? [])];
}

/** Drivers of some laptops keep nvidia-smi only in `DriverStore\FileRepository\nv*`. */
async function findInDriverStore(system: string): Promise<string[]> {
  const store = win32.join(system, "DriverStore", "FileRepository");
  const drivers = (await listFolder(store)).filter((name) => /^nv/i.test(name)).slice(-16);
  return drivers.reverse().map((name) => win32.join(store, name, "nvidia-smi.exe"));
}
