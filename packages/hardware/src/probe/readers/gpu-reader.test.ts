import type { Gpu } from "@deskside/contract";
import { expect, test } from "vitest";
import { parseAccelerator } from "./apple-live.ts";
import { createGpuReader } from "./gpu-reader.ts";
import { createFakeSource, createTestClock } from "./test/fake-source.ts";

const GiB = 1024 ** 3;

function gpu(changes: Partial<Gpu>): Gpu {
  return {
    ...{ id: "0000:03:00.0", vendor: "amd", name: "a card", unified: false, vramTotalBytes: 16 * GiB },
    ...{ vramFreeBytes: null, driver: null, api: "vulkan", bandwidthBytesPerSecond: null, bandwidthSource: null },
    ...{ tableId: null, capability: null, migUuid: null },
    ...changes,
  };
}

function setUp(gpus: readonly Gpu[], platform: NodeJS.Platform = "linux") {
  const [source, clock] = [createFakeSource(platform), createTestClock()];
  const put = (folder: string, files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) source.files.set(`${folder}/${name}`, `${text}\n`);
  };
  return { source, clock, put, reader: createGpuReader({ gpus: [...gpus], platform, links: [] }, source, clock) };
}

const nothing = {
  ...{ utilisation: null, vramUsedBytes: null, temperature: null, power: null, clock: null },
  ...{ pcieReceivePerSecond: null, pcieSendPerSecond: null, nvlinkPerSecond: null },
};
const amdCard = { vendor: "0x1002", device: "0x73df", uevent: "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0" };
const intelCard = { vendor: "0x8086", device: "0x56a0", uevent: "DRIVER=i915\nPCI_SLOT_NAME=0000:04:00.0" };
const card = "/sys/class/drm/card1/device";

test("AMD from the kernel's files", async () => {
  const { put, reader } = setUp([gpu({})]);
  put(card, { ...amdCard, gpu_busy_percent: "87", mem_info_vram_used: "4294967296", mem_info_gtt_used: "1000" });
  put(`${card}/hwmon/hwmon5`, { power1_average: "187000000", temp1_input: "63000", freq1_input: "2450000000" });
  expect(await reader.read()).toEqual([
    {
      ...nothing,
      ...{ id: "0000:03:00.0", name: "a card", vramTotalBytes: 16 * GiB },
      ...{ utilisation: 87, vramUsedBytes: 4 * GiB, temperature: 63, power: 187, clock: 2450e6 },
    },
  ]);
});

test("AMD: other names of the same, and the level that is marked", async () => {
  const { put, reader } = setUp([gpu({})]);
  put(card, { ...amdCard, gpu_busy_percent: "0", pp_dpm_sclk: "0: 500Mhz\n1: 1200Mhz *\n2: 2304Mhz" });
  put(`${card}/hwmon/hwmon5`, { power1_input: "9000000" });
  expect(await reader.read()).toMatchObject([{ utilisation: 0, power: 9, clock: 1200e6, temperature: null }]);
});

test("an APU's use has what it maps of the machine's memory, a card's has not", async () => {
  for (const unified of [true, false]) {
    const { put, reader } = setUp([gpu({ unified })]);
    put(card, { ...amdCard, mem_info_vram_used: String(GiB), mem_info_gtt_used: String(2 * GiB) });
    expect(await reader.read()).toMatchObject([{ vramUsedBytes: unified ? 3 * GiB : GiB }]);
  }
});

test("a card that is powered down is not woken by reading its sensors", async () => {
  const { put, reader, source } = setUp([gpu({})]);
  put(card, { ...amdCard, gpu_busy_percent: "50" });
  source.files.set(`${card}/power/runtime_status`, "suspended\n");
  expect(await reader.read()).toMatchObject([nothing]);
  source.files.set(`${card}/power/runtime_status`, "active\n");
  expect(await reader.read()).toMatchObject([{ utilisation: 50 }]);
});

test("Intel: power from the counter of energy, frequency of both drivers; no utilisation is made up", async () => {
  const { put, reader, clock } = setUp([gpu({ id: "0000:04:00.0", vendor: "intel" })]);
  put(card, intelCard);
  put("/sys/class/drm/card1", { gt_cur_freq_mhz: "2400" });
  put(`${card}/hwmon/hwmon2`, { energy1_input: "5000000", temp2_input: "51000" });
  expect(await reader.read()).toMatchObject([{ ...nothing, temperature: 51, clock: 2400e6 }]);
  clock.advance(2000);
  put(`${card}/hwmon/hwmon2`, { energy1_input: "65000000" });
  expect(await reader.read()).toMatchObject([{ power: 30 }]);
  clock.advance(2000);
  put(`${card}/hwmon/hwmon2`, { energy1_input: "10" });
  expect(await reader.read()).toMatchObject([{ power: null }]);
  const xe = setUp([gpu({ id: "0000:04:00.0", vendor: "intel" })]);
  xe.put(card, { ...intelCard, "tile0/gt0/freq0/cur_freq": "1850" });
  expect(await xe.reader.read()).toMatchObject([{ clock: 1850e6 }]);
});

test("garbled, negative and failing files are not reported", async () => {
  const { put, reader, source } = setUp([gpu({})]);
  put(card, { ...amdCard, gpu_busy_percent: "busy", mem_info_vram_used: "-5", pp_dpm_sclk: "*".repeat(10_000) });
  put(`${card}/hwmon/hwmon5`, { power1_average: "NaN", temp1_input: "\u0000" });
  source.files.set(`${card}/hwmon/hwmon5/freq1_input`, Object.assign(new Error("reset"), { code: "EBUSY" }));
  expect(await reader.read()).toMatchObject([nothing]);
});

test("a card that is not in the kernel's list, and one of Windows, has its name and no figures", async () => {
  for (const platform of ["linux", "win32"] as const) {
    const { reader } = setUp([gpu({ id: "0000:99:00.0" })], platform);
    expect(await reader.read()).toMatchObject([{ ...nothing, name: "a card", vramTotalBytes: 16 * GiB }]);
  }
});

test("software is no GPU; MIG slices and NVIDIA without its driver start nothing", async () => {
  const { reader, source } = setUp([
    gpu({ id: "software-0", vendor: "software", api: "none" }),
    gpu({ id: "MIG-1", vendor: "nvidia", api: "cuda", migUuid: "MIG-1" }),
    gpu({ id: "0000:01:00.0", vendor: "nvidia", api: "none" }),
  ]);
  expect(await reader.read()).toMatchObject([
    { id: "MIG-1", ...nothing },
    { id: "0000:01:00.0", ...nothing },
  ]);
  expect(source.calls).toEqual([]);
});

test("two cards are not mixed up", async () => {
  const { put, reader } = setUp([gpu({ id: "0000:43:00.0" }), gpu({})]);
  put(card, { ...amdCard, gpu_busy_percent: "1" });
  put("/sys/class/drm/card2/device", {
    ...{ ...amdCard, uevent: "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:43:00.0" },
    gpu_busy_percent: "2",
  });
  expect((await reader.read()).map(({ id, utilisation }) => [id, utilisation])).toEqual([
    ["0000:43:00.0", 2],
    ["0000:03:00.0", 1],
  ]);
});

const ioreg = `+-o AGXAcceleratorG16X  <class AGXAcceleratorG16X, id 0x10000050b, registered, matched, active, busy 0 (655 ms)>
    {
      "PerformanceStatistics" = {"In use system memory (driver)"=0,"Alloc system memory"=5796593664,"Tiler Utilization %"=21,"Device Utilization %"=41,"In use system memory"=1284358144}
      "model" = "Apple M4 Max"
    }`;

test("Apple: ioreg at most every two seconds, in the background", async () => {
  const { reader, source, clock } = setUp(
    [gpu({ id: "apple-0", vendor: "apple", api: "metal", unified: true })],
    "darwin",
  );
  source.answers.set("ioreg", ioreg);
  expect(await reader.read()).toMatchObject([nothing]);
  await new Promise(setImmediate);
  expect(await reader.read()).toMatchObject([{ ...nothing, utilisation: 41, vramUsedBytes: 1284358144 }]);
  expect(source.calls).toEqual(["ioreg -r -d 1 -w 0 -c IOAccelerator"]);
  source.answers.clear();
  for (let second = 0; second < 8; second++) {
    clock.advance(1000);
    await reader.read();
    await new Promise(setImmediate);
  }
  expect(source.calls).toHaveLength(5);
  expect(await reader.read()).toMatchObject([nothing]);
});

test("ioreg without statistics, cut off, or not ioreg", () => {
  for (const text of ["", "+-o AGX", '"PerformanceStatistics" = {"Device Utilization %"=41', "{".repeat(500_000)]) {
    expect(parseAccelerator(text)).toBeNull();
  }
  const odd = '"PerformanceStatistics" = {"Device Utilization %"=-4,"In use system memory"=x}';
  expect(parseAccelerator(odd)).toEqual({ utilisation: null, usedBytes: null });
});
