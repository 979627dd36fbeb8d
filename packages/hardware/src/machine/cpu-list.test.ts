import { describe, expect, test } from "vitest";
import { countCores, parseAllowedCpus, parseCpuList, parseCpuName } from "./cpu-list.ts";

test.each([
  ["0-3,8,10-11\n", [0, 1, 2, 3, 8, 10, 11]],
  ["5", [5]],
  ["", []],
  ["garbage,2", [2]],
  ["0-99999", Array.from({ length: 8192 }, (_, cpu) => cpu)],
])("list %j", (text, cpus) => {
  expect(parseCpuList(text)).toEqual(cpus);
});

// Synthetic, in the shape of /proc/self/status.
test("affinity is read, not the number of CPUs of the machine", () => {
  expect(parseAllowedCpus("Name:\tnode\nCpus_allowed:\t0c\nCpus_allowed_list:\t2-3\nMems_allowed_list:\t0\n")).toEqual([
    2, 3,
  ]);
  expect(parseAllowedCpus("Name:\tnode\n")).toBeNull();
});

test("two hyper-threads are one core, silence is a core", () => {
  expect(
    countCores(
      new Map([
        [0, "0,4\n"],
        [4, "0,4\n"],
        [1, "1,5\n"],
        [7, null],
      ]),
    ),
  ).toBe(3);
});

// Synthetic, in the shape of /proc/cpuinfo on x86, on an ARM board and on a machine that names nothing.
describe("name of the processor", () => {
  test.each([
    ["processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD  EPYC 7B13   \ncpu MHz\t: 2445\n", "AMD EPYC 7B13"],
    ["processor\t: 0\nBogoMIPS\t: 108.00\n\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 5\n", "Raspberry Pi 5"],
    ["processor\t: 0\nBogoMIPS\t: 50.00\nCPU part\t: 0xd0c\n", null],
  ])("%#", (cpuinfo, name) => {
    expect(parseCpuName(cpuinfo)).toBe(name);
  });
});
