import { describe, expect, it } from "vitest";
import { chooseThreads } from "./choose-threads.ts";
import { parseAvailable, parseResident } from "./memory-sampler.ts";
import { countPhysicalCores, readMachine } from "./read-machine.ts";

const big = 100_000_000;

describe("chooseThreads", () => {
  it.each([
    [{ physicalCores: 2, availableParallelism: 2, weightBytes: 5_000_000 }, 1],
    [{ physicalCores: 2, availableParallelism: 2, weightBytes: big }, 2],
    [{ physicalCores: 1, availableParallelism: 1, weightBytes: big }, 1],
    [{ physicalCores: 8, availableParallelism: 16, weightBytes: big }, 7],
    [{ physicalCores: 64, availableParallelism: 2, weightBytes: big }, 2],
    [{ physicalCores: 64, availableParallelism: 128, weightBytes: big }, 8],
  ])("%j → %i", (machine, threads) => {
    expect(chooseThreads(machine)).toBe(threads);
  });
});

describe("machine", () => {
  it("counts cores, not hardware threads", () => {
    const cpuinfo =
      "physical id\t: 0\ncore id\t: 0\n\nphysical id\t: 0\ncore id\t: 1\n\nphysical id\t: 0\ncore id\t: 0\n";
    expect(countPhysicalCores(cpuinfo)).toBe(2);
    expect(countPhysicalCores("BogoMIPS: 50")).toBeUndefined();
  });

  it("is this one", async () => {
    const machine = await readMachine();
    expect(machine.memoryBytes).toBeGreaterThan(2 ** 28);
    expect(machine.physicalCores).toBeLessThanOrEqual(machine.availableParallelism);
  });

  it("reads memory figures in kB", () => {
    expect(parseAvailable("MemFree: 1 kB\nMemAvailable:    2048 kB\n")).toBe(2_097_152);
    expect(parseResident("VmRSS:\t 10 kB\nRssAnon:\t 4 kB\nRssFile:\t 6 kB\n")).toEqual({
      residentBytes: 10_240,
      anonymousBytes: 4096,
      fileBytes: 6144,
    });
    expect(parseResident("")).toBeNull();
  });
});
