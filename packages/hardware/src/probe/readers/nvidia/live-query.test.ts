import { expect, test } from "vitest";
import { createFakeSource } from "../test/fake-source.ts";
import { queryLive } from "./live-query.ts";

async function answer(stdout: string) {
  const source = createFakeSource();
  source.answers.set("nvidia-smi", stdout);
  return await queryLive(source);
}

test("columns are found by name, units and spellings of the clock are understood", async () => {
  const text =
    "clocks.sm [MHz], index, pci.bus_id, utilization.gpu [%], memory.used [MiB], temperature.gpu, power.draw [W]\r\n" +
    "1980 MHz, 1, 00000000:C1:00.0, 100 %, 32362 MiB, 52, 627.40 W\r\n";
  expect(await answer(text)).toEqual([
    {
      ...{ index: 1, busId: "0000:c1:00.0", utilisation: 100, usedBytes: 32362 * 1024 ** 2, temperature: 52 },
      ...{ power: 627.4, clock: 1980e6, receivedPerSecond: null, sentPerSecond: null },
    },
  ]);
});

test("what a card does not support is null, not zero; zero stays zero", async () => {
  const text =
    "index, pci.bus_id, utilization.gpu [%], memory.used [MiB], temperature.gpu, power.draw [W], clocks.current.sm [MHz]\n" +
    "0, 00000000:01:00.0, 0 %, [N/A], [Not Supported], [Unknown Error], [N/A]\n";
  expect(await answer(text)).toMatchObject([
    { utilisation: 0, usedBytes: null, temperature: null, power: null, clock: null },
  ]);
});

test("failures and garbage give nothing", async () => {
  expect(await queryLive(createFakeSource())).toEqual([]);
  expect(await answer("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver")).toEqual([]);
  expect(await answer("index, pci.bus_id\nx, y\n0, nowhere\n, 00000000:01:00.0\n")).toEqual([]);
  expect(await answer("\u0007".repeat(1_000_000))).toEqual([]);
});
