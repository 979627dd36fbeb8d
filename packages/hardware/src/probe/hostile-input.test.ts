import { describe, expect, test } from "vitest";
import { parseDisplays } from "./apple/probe-apple.ts";
import { parseAmdMonitor } from "./amd/probe-amd.ts";
import { parseAmdSmi, parseRocmSmi } from "./amd/rocm-smi.ts";
import { normalBusId } from "./found-gpu.ts";
import { parseControllers } from "./graphics/controllers.ts";
import { kindOfAdapter, tidyGpuName, vendorOf } from "./graphics/gpu-names.ts";
import { parseXpuDevices, parseXpuDump } from "./intel/probe-intel.ts";
import { parsePciControllers } from "./linux/pci-controllers.ts";
import { bytesOf, numberOf } from "./loose-values.ts";
import { flagsInCpuinfo, flagsInSysctl, instructionSetsOf } from "./machine/instruction-sets.ts";
import { batteryOf, disksOf, memoryBandwidthOf, systemNameOf } from "./machine/system-facts.ts";
import { createDmonParser } from "./nvidia/nvidia-dmon.ts";
import { memoryOf, parseNvidiaList, parseNvidiaTable } from "./nvidia/nvidia-query.ts";
import { parseTopology } from "./nvidia/nvidia-topology.ts";
import { parseNvidiaXml } from "./nvidia/nvidia-xml.ts";
import { answerNvidiaSmi } from "./source/recorded-nvidia-smi.ts";
import { parseVideoControllers } from "./windows/video-controllers.ts";
import { parseRegistry } from "./windows/registry-memory.ts";

/** Every parser of text, by name. */
const parsers: Record<string, (text: string) => unknown> = {
  nvidiaTable: (text) => parseNvidiaTable(text).rows.map((row) => memoryOf(row, "memory.total")),
  nvidiaList: parseNvidiaList,
  nvidiaXml: parseNvidiaXml,
  topology: parseTopology,
  dmon: (text) => text.split("\n").map(createDmonParser()),
  rocmSmi: parseRocmSmi,
  amdSmi: (text) => parseAmdSmi(text, text),
  amdMonitor: parseAmdMonitor,
  xpuDevices: parseXpuDevices,
  xpuDump: parseXpuDump,
  displays: parseDisplays,
  registry: (text) => [...parseRegistry(text)],
  pci: parsePciControllers,
  videoControllers: (text) =>
    parseVideoControllers(text).map((one) => parseControllers({ controllers: [one] }, "win32")),
  cpuinfo: (text) => instructionSetsOf(flagsInCpuinfo(text)),
  sysctl: (text) => instructionSetsOf(flagsInSysctl(text)),
  controllers: (text) => parseControllers(json(text), "win32"),
  facts: (text) => [
    disksOf(json(text), json(text)),
    batteryOf(json(text)),
    systemNameOf(json(text)),
    memoryBandwidthOf(json(text)),
  ],
  recorded: (text) => answerNvidiaSmi(json(text), ["--query-gpu=name,memory.total", "--format=csv"]),
  names: (text) => [tidyGpuName(text, "amd"), vendorOf(text, text), kindOfAdapter(text), normalBusId(text)],
};

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Well-formed outputs, for cutting and bending. */
const samples: readonly string[] = [
  "index, uuid, name, memory.total [MiB], memory.used [MiB]\n0, GPU-1, NVIDIA A, 1024 MiB, 1 MiB\n",
  "GPU 0: NVIDIA H100 (UUID: GPU-0)\n  MIG 3g.40gb     Device  0: (UUID: MIG-1)\n",
  '<gpu id="0000:01:00.0"><product_name>A</product_name><mig_devices><mig_device><index>0</index><fb_memory_usage><total>1 MiB</total></fb_memory_usage></mig_device></mig_devices><fb_memory_usage><total>5 MiB</total></fb_memory_usage></gpu>',
  "\tGPU0\tGPU1\tCPU Affinity\nGPU0\t X \tNV18\t0-3\nGPU1\tNV18\t X \t0-3\n",
  "# gpu pwr gtemp sm fb pclk rxpci txpci\n# Idx W C % MB MHz MB/s MB/s\n0 70 40 5 100 1980 1 2\n",
  '{"card0":{"Card Series":"Radeon","VRAM Total Memory (B)":"1024","VRAM Total Used Memory (B)":"4096","PCI Bus":"0000:01:00.0"},"system":{"Driver version":"6"}}',
  '[{"gpu":0,"asic":{"market_name":"Radeon"},"vram":{"size":{"value":1024,"unit":"MB"}},"mem_usage":{"total_vram":{"value":1024,"unit":"MB"}}}]',
  "GPU  POWER  VRAM_USED  VRAM_TOTAL\n  0  171 W   283 MB   196300 MB\n",
  '{"device_list":[{"device_id":0,"device_name":"Arc A770","memory_physical_size_byte":"1024"}]}',
  "Timestamp, DeviceId, GPU Utilization (%), GPU Power (W)\n06:14:46.000, 0, 5.00, 14.61\n",
  '{"SPDisplaysDataType":[{"sppci_model":"Apple M4","sppci_cores":"10","spdisplays_vram":"8 GB"}]}',
  "HKEY_LOCAL_MACHINE\\Class\\0000\n    HardwareInformation.qwMemorySize    REG_QWORD    0x3ff000000\n",
  "Slot:\t0000:01:00.0\nClass:\tVGA compatible controller [0300]\nVendor:\tNVIDIA Corporation [10de]\nDevice:\tAD102 [2684]\n",
  '{"controllers":[{"vendor":"AMD","model":"Radeon RX 6800 XT","vram":4095,"busAddress":"01:00.0"}]}',
  '[{"mount":"/","fs":"/dev/sda1","size":100,"used":40,"rw":true,"type":"DDR5","clockSpeed":5600}]',
];

const mean: readonly [string, string][] = [
  ["nothing", ""],
  ["a megabyte of garbage", "\u0000\ufffdÿ{[<,\t ".repeat(100_000)],
  ["a megabyte of one line", "x".repeat(1_000_000)],
  ["deep brackets", "[".repeat(100_000)],
  ["deep objects", '{"card0":'.repeat(20_000)],
  ["ten thousand lines", "0, GPU-1, A, 1 MiB\n".repeat(10_000)],
  ["header only", "index, uuid, name, memory.total [MiB]\n"],
  ["open elements", '<gpu id="0"><fb_memory_usage>'.repeat(20_000)],
  ["negative sizes", "index, name, memory.total [MiB]\n0, A, -5 MiB\n1, B, NaN MiB\n2, C, 1e400 MiB\n"],
  [
    "numbers as words",
    '{"card0":{"VRAM Total Memory (B)":"NaN"},"card1":{"VRAM Total Memory (B)":"-1"},"card2":{"VRAM Total Memory (B)":"Infinity"}}',
  ],
  ["ten thousand cards", `{${Array.from({ length: 10_000 }, (_card, at) => `"card${at}":{}`).join(",")}}`],
  [
    "null everywhere",
    '{"controllers":[null,{"vendor":null,"model":null,"vram":null}],"device_list":[null],"SPDisplaysDataType":[null],"gpu_data":[null]}',
  ],
];

/** No number anywhere in a result is negative, infinite or NaN. */
function expectSound(value: unknown, path: string): void {
  if (typeof value === "number") return expect(Number.isFinite(value) && value >= 0, `${path} = ${value}`).toBe(true);
  if (Array.isArray(value)) {
    expect(value.length, path).toBeLessThanOrEqual(10_001);
    value.forEach((one, at) => expectSound(one, `${path}[${at}]`));
  } else if (value instanceof Map) expectSound([...value], path);
  else if (typeof value === "object" && value !== null) {
    for (const [key, one] of Object.entries(value)) expectSound(one, `${path}.${key}`);
  }
}

/** The same sequence at every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pieces = [
  "-",
  "NaN",
  "1e999",
  "\n",
  ", ",
  "\t",
  "{",
  "}",
  "[",
  '"',
  "<",
  "/",
  "\u0000",
  "99999999999999999999",
  "GPU0",
  " MiB",
  ":",
];

function bend(text: string, random: (below: number) => number): string {
  let bent = text;
  for (let step = 0; step < 1 + random(4); step++) {
    const [at, length] = [random(bent.length + 1), random(12)];
    const piece = pieces[random(pieces.length)] ?? "";
    bent = [bent.slice(0, at), piece, bent.slice(at + (random(2) === 0 ? 0 : length))].join("");
    if (random(8) === 0) bent = bent.slice(0, random(bent.length + 1));
  }
  return bent;
}

describe.each(Object.entries(parsers))("%s", (_name, parse) => {
  test.each(mean)("survives %s", (_what, text) => {
    expectSound(parse(text), "result");
  });

  test("survives bent outputs of every tool", () => {
    const random = createRandom(42);
    for (const sample of samples) {
      expectSound(parse(sample), sample);
      for (let cut = 0; cut < sample.length; cut += 3) expectSound(parse(sample.slice(0, cut)), sample.slice(0, cut));
      for (let round = 0; round < 60; round++) {
        const text = bend(sample, random);
        expectSound(parse(text), text);
      }
    }
  });
});

test("sizes: units, decimal commas, nothing that is no size", () => {
  expect(["24564 MiB", "1,5 GB", "7", " 2 KiB ", "3 tb"].map((text) => bytesOf(text, "mib"))).toEqual([
    24564 * 1024 ** 2,
    1.5e9,
    7 * 1024 ** 2,
    2048,
    3e12,
  ]);
  for (const odd of ["", "-1 MiB", "NaN", "1e5 MiB", "5 MHz", "9999999 TB", "[N/A]", null, true, Number.NaN, -1]) {
    expect(bytesOf(odd, "mib"), String(odd)).toBeNull();
  }
  expect(["12", "-3,5", "1.5", "", "0x10", "1e3", " ", "9".repeat(30)].map(numberOf)).toEqual([
    12,
    -3.5,
    1.5,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("bus ids of all tools are one", () => {
  for (const id of ["00000000:01:00.0", "0000:01:00.0", "01:00.0", "0000:01:00:0", "1:0.0"]) {
    expect(normalBusId(id), id).toBe("0000:01:00.0");
  }
  expect(normalBusId("0000000F:C1:00.0")).toBe("000f:c1:00.0");
  for (const odd of ["", "N/A", "01:00", "zz:00.0", "01:00.9", null, undefined]) expect(normalBusId(odd)).toBeNull();
});
