import { describe, expect, test } from "vitest";
import { withApuMemory } from "./amd/apu-memory.ts";
import { parseAmdMonitor } from "./amd/probe-amd.ts";
import { parseRocmSmi } from "./amd/rocm-smi.ts";
import { withAppleMemory } from "./apple/apple-memory.ts";
import { unknownGpu } from "./found-gpu.ts";
import { parseControllers } from "./graphics/controllers.ts";
import { isIntegratedName, kindOfAdapter, tidyGpuName, vendorOf } from "./graphics/gpu-names.ts";
import { parseXpuDump } from "./intel/probe-intel.ts";
import { parsePciControllers } from "./linux/pci-controllers.ts";
import { flagsInCpuinfo, flagsInSysctl, instructionSetsOf } from "./machine/instruction-sets.ts";
import { disksOf, memoryBandwidthOf } from "./machine/system-facts.ts";
import { isMissing, memoryOf, parseNvidiaList, parseNvidiaTable } from "./nvidia/nvidia-query.ts";
import { parseVideoControllers } from "./windows/video-controllers.ts";
import { parseTopology } from "./nvidia/nvidia-topology.ts";

const GiB = 1024 ** 3;

describe("nvidia-smi", () => {
  test("columns are found by the header, warnings before it are skipped", () => {
    const { rows, garbled } = parseNvidiaTable(
      "WARNING: infoROM is corrupted at gpu 0000:01:00.0\nname, memory.total [MiB], index\nNVIDIA A, 1024 MiB, 0\nbroken line\n",
    );
    expect(rows.map((row) => [row.get("name"), memoryOf(row, "memory.total"), row.get("index")])).toEqual([
      ["NVIDIA A", 2 ** 30, "0"],
    ]);
    expect(garbled).toBe(1);
  });

  test.each(["[N/A]", "N/A", "[Not Supported]", "Not Supported", "[Unknown Error]", "[GPU requires reset]"])(
    "%s is no value",
    (text) => expect(isMissing(text)).toBe(true),
  );

  test("-L with slices in the form of new and of old drivers", () => {
    const text =
      "GPU 0: NVIDIA A100 (UUID: GPU-aa)\n  MIG 1g.5gb Device 0: (UUID: MIG-GPU-aa/7/0)\nGPU 1: NVIDIA H100 (UUID: GPU-bb)\n  MIG 3g.40gb     Device  2: (UUID: MIG-cc)\n";
    expect(parseNvidiaList(text)).toEqual([
      {
        index: 0,
        name: "NVIDIA A100",
        uuid: "GPU-aa",
        slices: [{ profile: "1g.5gb", device: 0, uuid: "MIG-GPU-aa/7/0" }],
      },
      { index: 1, name: "NVIDIA H100", uuid: "GPU-bb", slices: [{ profile: "3g.40gb", device: 2, uuid: "MIG-cc" }] },
    ]);
  });

  test("a topology copied from a terminal, without tabs; a kind of link nobody knows", () => {
    const text =
      "        GPU0    GPU1    NIC0    CPU Affinity\nGPU0     X      NV12    SYS     0-23\nGPU1    NV12     X      ???     24-47\nNIC0    SYS     ???      X\n";
    expect(parseTopology(text)).toEqual([{ from: 0, to: 1, kind: "nvlink", links: 12 }]);
    expect(parseTopology("\tGPU0\tGPU1\nGPU0\t X \tC2C\n")).toEqual([{ from: 0, to: 1, kind: "unknown", links: null }]);
  });
});

describe("AMD", () => {
  test("a name under whichever key holds one", () => {
    const card = { "Card Model": "0x744c", "Card Series": "N/A", "Device Name": "Radeon RX 7900 XTX" };
    expect(parseRocmSmi(JSON.stringify({ card1: card }))?.map(({ gpu }) => [gpu.name, gpu.index])).toEqual([
      ["AMD Radeon RX 7900 XTX", 1],
    ]);
    expect(parseRocmSmi("ERROR: no AMD GPUs")).toBeNull();
  });

  test("the monitor's table with and without the partition column", () => {
    const head = "GPU  XCP  POWER  VRAM_USED  VRAM_TOTAL\n";
    const rows = parseAmdMonitor(`${head}  3    0  171 W  1.5 GB  100 GB\n  4    0  N/A  N/A  N/A\n`);
    expect(rows.map(({ index, device }) => [index, device.gpu.vramTotalBytes, device.gpu.vramFreeBytes])).toEqual([
      [3, 100 * GiB, 98.5 * GiB],
    ]);
    expect(parseAmdMonitor(`${head}  3    0  171 W  283 MB  196300 MB\n`)[0]?.device.gpu).toMatchObject({
      index: 3,
      vramTotalBytes: 196300 * 1024 ** 2,
      vramFreeBytes: (196300 - 283) * 1024 ** 2,
    });
  });

  test("an APU may use its own memory and what it maps, never more than the machine has", () => {
    const apu = { ...unknownGpu, vendor: "amd" as const, name: "AMD Radeon 780M", vramTotalBytes: GiB };
    expect(withApuMemory({ ...apu, sharedTotalBytes: 60 * GiB }, 30 * GiB).vramTotalBytes).toBe(31 * GiB);
    expect(withApuMemory({ ...apu, sharedTotalBytes: 15 * GiB }, 30 * GiB).vramTotalBytes).toBe(16 * GiB);
    const card = { ...apu, name: "AMD Radeon RX 7600", vramTotalBytes: 8 * GiB, sharedTotalBytes: 60 * GiB };
    expect(withApuMemory(card, 128 * GiB)).toMatchObject({ unified: false, vramTotalBytes: 8 * GiB });
  });
});

test("xpu-smi dump under both names of the column", () => {
  const lines = (name: string) =>
    `Timestamp, DeviceId, ${name}, GPU Power (W), GPU Frequency (MHz)\n06:14:46.000,    0, 12.50, 14.61,  2400\n`;
  const expected = [{ device: 0, utilisation: 12.5, power: 14.61, clock: 2.4e9, temperature: null, usedBytes: null }];
  expect(parseXpuDump(lines("Average % utilization of all GPU Engines"))).toEqual(expected);
  expect(parseXpuDump(lines("GPU Utilization (%)"))).toEqual(expected);
});

test("Apple's budget: two thirds up to 36 GiB, three quarters above, an administrator's limit before both", () => {
  const gpu = { ...unknownGpu, vendor: "apple" as const, name: "Apple M4" };
  const budget = (memory: number, limit: number | null = null) =>
    (withAppleMemory({ ...gpu, vramTotalBytes: limit === null ? null : limit * GiB }, memory * GiB, GiB)
      .vramTotalBytes ?? 0) / GiB;
  expect([budget(24), budget(64), budget(64, 60), budget(64, 99)]).toEqual([16, 48, 60, 64]);
  expect(withAppleMemory(gpu, 0, 0).vramTotalBytes).toBeNull();
});

test("lspci: display controllers only, with names, ids and driver", () => {
  const text =
    "Slot:\t0000:00:1f.3\nClass:\tAudio device [0403]\nVendor:\tIntel Corporation [8086]\nDevice:\tAudio [1]\n\nSlot:\t0000:01:00.0\nClass:\t3D controller [0302]\nVendor:\tNVIDIA Corporation [10de]\nDevice:\tAD104M [GeForce RTX 4080 Max-Q / Mobile] [27a0]\nSVendor:\tLenovo [17aa]\nDriver:\tnvidia\nModule:\tnouveau\n";
  expect(parsePciControllers(text)).toEqual([
    {
      vendor: "NVIDIA Corporation",
      model: "AD104M [GeForce RTX 4080 Max-Q / Mobile]",
      busAddress: "0000:01:00.0",
      vendorId: "10de",
      deviceId: "27a0",
      driver: "nvidia",
      vram: null,
      vramDynamic: false,
    },
  ]);
});

test("Windows: adapters of one PowerShell, one alone or several, and the size at its cap", () => {
  const card = {
    Name: "AMD Radeon RX 7800 XT",
    AdapterCompatibility: "Advanced Micro Devices, Inc.",
    AdapterRAM: 4293918720,
    AdapterDACType: "Internal DAC(400MHz)",
    DriverVersion: "32.0.1",
    PNPDeviceID: "PCI\\VEN_1002&DEV_747E&SUBSYS_1",
  };
  const remote = { Name: "Microsoft Remote Display Adapter", AdapterRAM: null, PNPDeviceID: "SWD\\REMOTEDISPLAYENUM" };
  expect(parseVideoControllers(`\uFEFF${JSON.stringify(card)}`)).toEqual([
    {
      vendor: "Advanced Micro Devices, Inc.",
      model: "AMD Radeon RX 7800 XT",
      vendorId: "1002",
      driverVersion: "32.0.1",
      vram: 4095,
      vramDynamic: false,
    },
  ]);
  const { gpus, notes } = parseControllers(
    { controllers: parseVideoControllers(JSON.stringify([card, remote])) },
    "win32",
  );
  expect(gpus.map((gpu) => [gpu.vendor, gpu.vramTotalBytes])).toEqual([["amd", null]]);
  expect(notes.map((one) => one.code)).toEqual(["vram-corrected", "remote-display"]);
});

describe("names", () => {
  test.each([
    ["AD102 [GeForce RTX 4090]", "nvidia", "NVIDIA GeForce RTX 4090"],
    ["GP102 [1b06] [10de:1b06]", "nvidia", "NVIDIA GP102 [1b06] [10de:1b06]"],
    ["Intel(R) UHD Graphics 770", "intel", "Intel UHD Graphics 770"],
    ["AMD Radeon(TM) Graphics", "amd", "AMD Radeon Graphics"],
    ["", "amd", "AMD GPU"],
    ["", "unknown", "Unknown GPU"],
  ] as const)("%s", (name, vendor, expected) => expect(tidyGpuName(name, vendor)).toBe(expected));

  test("adapters that only draw", () => {
    const kinds = (names: string[]) => names.map(kindOfAdapter);
    expect(
      kinds(["Microsoft Basic Display Adapter", "Citrix Indirect Display Adapter", "Parsec Virtual Display Adapter"]),
    ).toEqual(["remote", "remote", "remote"]);
    expect(kinds(["VMware SVGA 3D", "Red Hat QXL controller", "Microsoft Hyper-V Video", "Matrox G200eR2"])).toEqual([
      "virtual",
      "virtual",
      "virtual",
      "virtual",
    ]);
    expect(kinds(["llvmpipe (LLVM 15)", "Google SwiftShader", "Microsoft Basic Render Driver"])).toEqual([
      "software",
      "software",
      "software",
    ]);
    expect(kinds(["NVIDIA GeForce GT 1030", "Intel(R) Iris(R) Xe Graphics", "AMD Radeon RX Vega"])).toEqual([
      "gpu",
      "gpu",
      "gpu",
    ]);
  });

  test("integrated or a card", () => {
    const amd = [
      "AMD Radeon Graphics",
      "AMD Radeon(TM) Vega 8 Graphics",
      "AMD Radeon 780M Graphics",
      "AMD Radeon 8060S Graphics",
    ];
    expect(amd.map((name) => isIntegratedName(name, "amd"))).toEqual([true, true, true, true]);
    expect(
      ["AMD Radeon RX 6800M", "AMD Radeon RX 7600", "AMD Radeon Pro W7900", "AMD Radeon RX Vega 64"].some((name) =>
        isIntegratedName(name, "amd"),
      ),
    ).toBe(false);
    expect(
      [
        "Intel(R) Arc(TM) Graphics",
        "Intel(R) Iris(R) Xe Graphics",
        "Intel HD Graphics 530",
        "Intel Arc 140V GPU",
      ].every((name) => isIntegratedName(name, "intel")),
    ).toBe(true);
    expect(
      ["Intel Arc A770 Graphics", "Intel Arc B580", "DG2 [Arc A380]"].some((name) => isIntegratedName(name, "intel")),
    ).toBe(false);
    expect(["NVIDIA GB10", "Orin (nvgpu)"].every((name) => isIntegratedName(name, "nvidia"))).toBe(true);
    expect(
      ["NVIDIA GeForce RTX 4090", "NVIDIA GB200", "NVIDIA Thorough"].some((name) => isIntegratedName(name, "nvidia")),
    ).toBe(false);
  });

  test("vendors by id before words", () => {
    expect(["0x1002", "10DE", "8086", ""].map((id) => vendorOf(id, "some adapter"))).toEqual([
      "amd",
      "nvidia",
      "intel",
      "unknown",
    ]);
    expect(vendorOf("", "Advanced Micro Devices, Inc. [AMD/ATI]")).toBe("amd");
  });
});

describe("processor, memory, disks", () => {
  test("instruction sets from Linux, macOS and ARM", () => {
    expect(instructionSetsOf(flagsInCpuinfo("processor\t: 0\nflags\t\t: fpu sse4_2 avx2 avx512f amx_tile\n"))).toEqual([
      "sse42",
      "avx2",
      "avx512",
      "amx",
    ]);
    expect(instructionSetsOf(flagsInCpuinfo("Features\t: fp asimd asimddp sve i8mm\n"))).toEqual([
      "neon",
      "dotprod",
      "i8mm",
      "sve",
    ]);
    expect(
      instructionSetsOf(
        flagsInSysctl("hw.optional.arm.FEAT_I8MM: 1\nhw.optional.arm.FEAT_BF16: 0\nhw.optional.neon: 1\n"),
      ),
    ).toEqual(["neon", "i8mm"]);
  });

  test("memory sticks: two channels at most, the slowest stick counts, servers and LPDDR stay unknown", () => {
    const sticks = (count: number, type: string, clockSpeed: number | null) =>
      Array.from({ length: count }, () => ({ size: 8 * GiB, type, clockSpeed }));
    expect(memoryBandwidthOf(sticks(1, "DDR4", 3200))).toBe(25.6e9);
    expect(memoryBandwidthOf(sticks(4, "DDR5", 6400))).toBe(102.4e9);
    expect(memoryBandwidthOf([...sticks(1, "DDR5", 5600), ...sticks(1, "DDR5", 4800), { size: 0 }])).toBe(76.8e9);
    for (const odd of [sticks(8, "DDR5", 4800), sticks(2, "LPDDR5", 6400), sticks(2, "DDR5", null), [], null, "x"]) {
      expect(memoryBandwidthOf(odd)).toBeNull();
    }
  });

  test("disks: no pseudo, snap or read-only volumes, one device once, free space within the size", () => {
    const disk = (mount: string, fs: string, more: object = {}) => ({
      mount,
      fs,
      type: "ext4",
      size: 100,
      used: 40,
      rw: true,
      ...more,
    });
    const sizes = [
      disk("/", "/dev/nvme0n1p2", { available: 999 }),
      disk("/home", "/dev/sda1"),
      disk("/srv", "/dev/sda1"),
      disk("/snap/core/1", "/dev/loop0"),
      disk("/mnt/cd", "/dev/sr0", { rw: false }),
      disk("/tmp", "tmpfs", { type: "tmpfs" }),
    ];
    const blocks = [
      { name: "nvme0n1p2", mount: "/", physical: "SSD" },
      { name: "sda1", mount: "/home", physical: "HDD" },
    ];
    expect(disksOf(sizes, blocks).map((one) => [one.mount, one.freeBytes, one.kind])).toEqual([
      ["/", 100, "ssd"],
      ["/home", 60, "hdd"],
    ]);
  });
});
