import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMachineReader, parseCpuTimes } from "./machine-reader.ts";
import { createFakeSource, createTestClock } from "./test/fake-source.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "deskside-reader-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stat = (busy: number, idle: number) => `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 1 2 3 4\n`;
const diskstats = (read: number, written: number) =>
  ` 259       0 nvme0n1 9 0 99999999 1 9 0 99999999 1 0 1 1\n 259       2 nvme0n1p2 7 0 ${read} 1 7 0 ${written} 1 0 1 1\n`;

function setUp(platform: NodeJS.Platform = "linux") {
  const [source, clock] = [createFakeSource(platform), createTestClock()];
  const freeBytes = async () => 5e9;
  return { source, clock, reader: createMachineReader(folder, { ...source, clock, freeBytes }) };
}

test("utilisation and traffic are since the reading before, of the disk that the folder is on", async () => {
  const { source, clock, reader } = setUp();
  source.files.set("/proc/self/mountinfo", "22 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw\n");
  source.files.set("/proc/stat", stat(100, 900));
  source.files.set("/proc/diskstats", diskstats(1000, 500));
  source.files.set("/sys/class/hwmon/hwmon0/name", "nvme\n");
  source.files.set("/sys/class/hwmon/hwmon0/temp1_input", "99000\n");
  source.files.set("/sys/class/hwmon/hwmon1/name", "k10temp\n");
  source.files.set("/sys/class/hwmon/hwmon1/temp1_input", "48125\n");
  source.files.set("/sys/class/hwmon/hwmon1/temp1_label", "Tctl\n");
  const first = { cpuUtilisation: null, diskReadPerSecond: null, diskWritePerSecond: null };
  expect(await reader.read()).toEqual({ ...first, cpuTemperature: 48.125, diskFreeBytes: 5e9 });
  clock.advance(2000);
  source.files.set("/proc/stat", stat(130, 970));
  source.files.set("/proc/diskstats", diskstats(5000, 500));
  expect(await reader.read()).toMatchObject({
    ...{ cpuUtilisation: 30, diskReadPerSecond: (4000 * 512) / 2, diskWritePerSecond: 0 },
  });
  // A disk that was taken out and put in counts from zero: no negative rate.
  clock.advance(1000);
  source.files.set("/proc/diskstats", diskstats(10, 10));
  expect(await reader.read()).toMatchObject({ cpuUtilisation: null, diskReadPerSecond: 0, diskWritePerSecond: 0 });
});

test("a system that shows nothing is not read as zero", async () => {
  const { reader, clock } = setUp();
  const nothing = {
    ...{ cpuUtilisation: null, cpuTemperature: null, diskFreeBytes: 5e9 },
    ...{ diskReadPerSecond: null, diskWritePerSecond: null },
  };
  for (let index = 0; index < 3; index++) {
    expect(await reader.read()).toEqual(nothing);
    clock.advance(1000);
  }
});

test("garbled files", async () => {
  const { source, reader, clock } = setUp();
  source.files.set("/proc/self/mountinfo", "\u0000 - \n22 1 x:y / / rw - ext4 /dev/sda rw");
  source.files.set("/proc/stat", "cpu  NaN -5 1 2\n");
  source.files.set("/proc/diskstats", "259 2 nvme0n1p2 x y z");
  source.files.set("/sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n");
  source.files.set("/sys/class/thermal/thermal_zone0/temp", "hot\n");
  await reader.read();
  clock.advance(1000);
  expect(await reader.read()).toMatchObject({ cpuUtilisation: null, cpuTemperature: null, diskReadPerSecond: null });
});

test.each([
  ["50000", 50],
  ["0", null],
  ["-40000", null],
  ["999000", null],
])("a thermal zone that says %s", async (text, degrees) => {
  const { source, reader } = setUp();
  source.files.set("/sys/class/thermal/thermal_zone0/type", "acpitz\n");
  source.files.set("/sys/class/thermal/thermal_zone0/temp", "27800\n");
  source.files.set("/sys/class/thermal/thermal_zone1/type", "cpu-thermal\n");
  source.files.set("/sys/class/thermal/thermal_zone1/temp", `${text}\n`);
  expect((await reader.read()).cpuTemperature).toBe(degrees);
});

test("a sensor that fails to answer takes nothing else with it", async () => {
  const { source, reader } = setUp();
  source.files.set("/sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
  source.files.set("/sys/class/thermal/thermal_zone0/temp", Object.assign(new Error("no data"), { code: "ENODATA" }));
  expect(await reader.read()).toMatchObject({ cpuTemperature: null, diskFreeBytes: 5e9 });
});

test("waiting for a disk is idle time; other lines are none", () => {
  expect(parseCpuTimes("cpu  10 20 30 100 40 5 5 10 7 7\n")).toEqual({ busy: 80, total: 220 });
  expect(parseCpuTimes("cpu0 10 20 30 100 40 5 5 10\n")).toBeNull();
  expect(parseCpuTimes("")).toBeNull();
});

test("this machine", async () => {
  const reader = createMachineReader(folder);
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 120));
  const reading = await reader.read();
  expect(reading.cpuUtilisation).toBeGreaterThanOrEqual(0);
  expect(reading.cpuUtilisation).toBeLessThanOrEqual(100);
  expect(reading.diskFreeBytes).toBeGreaterThan(0);
  const gone = createMachineReader(join(folder, "not-there"));
  expect(await gone.read()).toMatchObject({ diskFreeBytes: null, diskReadPerSecond: null });
});
