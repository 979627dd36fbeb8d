import { setTimeout as delay } from "node:timers/promises";
import type { DeviceMemory } from "@deskside/contract";

type Part = "weightsBytes" | "kvBytes" | "bufferBytes";

/** What llama.cpp prints for each buffer it makes: `load_tensors:      Vulkan0 model buffer size =    47.71 MiB`. */
const bufferLine = /:\s+(\S+) (model|KV|RS|compute|output) buffer size =\s+(\d+(?:\.\d+)?) MiB/;
const partOf: Record<string, Part> = {
  model: "weightsBytes",
  KV: "kvBytes",
  RS: "bufferBytes",
  compute: "bufferBytes",
  output: "bufferBytes",
};
/** Buffers in ordinary memory: mapped files, repacked weights, memory pinned for a device. */
const inRam = /^(?:CPU|AMX|BLAS|ACCEL)|_Host$|_Mapped$|_REPACK$/;
const deviceIndex = /^(?:CUDA|Vulkan|ROCm|SYCL|MTL|Metal)(\d*)$/;

/** The native log of one load: the last lines for explaining a failure, and the sizes it names. */
export interface LoadLog {
  /** The log comes from another thread: waits for the line that ends a load, 100 ms at most. */
  complete(): Promise<void>;
  add(line: string): void;
  readonly lines: readonly string[];
  /**
   * RAM first, then devices in llama.cpp's order, under their names in `deviceNames`. Overhead is not in the log: 0.
   * The library silences the log for a moment around a load, and small models are through by then: where no weights
   * are named at all, `weights` tells them, on a GPU in equal shares.
   */
  buffers(deviceNames: readonly string[], weights: { ramBytes: number; gpuBytes: number }): DeviceMemory[];
  /** `offloaded 10/31 layers to GPU`; null on the CPU. */
  readonly offloaded: { readonly layers: number; readonly totalLayers: number } | null;
}

const keptLines = 80;

export function createLoadLog(): LoadLog {
  const lines: string[] = [];
  const sizes = new Map<string, Record<Part, number>>();
  let offloaded: LoadLog["offloaded"] = null;

  const addSize = (device: string, part: Part, bytes: number) => {
    const of = sizes.get(device) ?? { weightsBytes: 0, kvBytes: 0, bufferBytes: 0 };
    of[part] += bytes;
    sizes.set(device, of);
  };

  return {
    lines,
    async complete() {
      const ended = () => lines.some((line) => line.includes("sched_reserve: graph"));
      for (let waited = 0; waited < 100 && !ended(); waited += 5) await delay(5);
    },
    get offloaded() {
      return offloaded;
    },
    add(line) {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      const buffer = bufferLine.exec(line);
      if (buffer) {
        const [, device = "", kind = "", mebibytes] = buffer;
        const part = partOf[kind];
        if (part) addSize(inRam.test(device) ? "RAM" : device, part, Math.round(Number(mebibytes) * 2 ** 20));
      }
      const layers = /offloaded (\d+)\/(\d+) layers to GPU/.exec(line);
      if (layers) offloaded = { layers: Number(layers[1]), totalLayers: Number(layers[2]) };
    },
    buffers(deviceNames, weights) {
      const ram = sizes.get("RAM") ?? { weightsBytes: 0, kvBytes: 0, bufferBytes: 0 };
      const isNamed = [...sizes.values()].some((of) => of.weightsBytes > 0);
      if (!isNamed) {
        ram.weightsBytes = weights.ramBytes;
        const onGpu = [...sizes].filter(([device]) => device !== "RAM");
        for (const [, of] of onGpu) of.weightsBytes = weights.gpuBytes / onGpu.length;
      }
      const devices = [...sizes].filter(([device]) => device !== "RAM").sort(([a], [b]) => indexOf(a) - indexOf(b));
      return [
        describe("RAM", ram),
        ...devices.map(([device, of]) => describe(deviceNames[indexOf(device)] ?? device, of)),
      ];
    },
  };
}

function describe(name: string, of: Record<Part, number>): DeviceMemory {
  return { name, ...of, overheadBytes: 0, bytes: of.weightsBytes + of.kvBytes + of.bufferBytes };
}

function indexOf(device: string): number {
  return Number(deviceIndex.exec(device)?.[1] || 0);
}
