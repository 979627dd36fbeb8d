import { createDeferred } from "@deskside/base";
import type { MachineProfile } from "@deskside/contract";
import { expect, test } from "vitest";
import { createGpuSource } from "./gpu-source.ts";
import { gpuReading } from "./test/make-sample.ts";

function setUp() {
  let at = 1;
  const log: string[] = [];
  const profile = async () => ({ at }) as MachineProfile;
  const source = createGpuSource(profile, (found) => {
    log.push(`open ${found.at}`);
    return {
      read: async () => [gpuReading({ id: `of ${found.at}` })],
      [Symbol.asyncDispose]: async () => void log.push(`close ${found.at}`),
    };
  });
  return { source, log, detectAgain: () => void at++ };
}

test("one reader per detection, opened by the first read, closed when the hardware was detected again", async () => {
  const { source, log, detectAgain } = setUp();
  expect(log).toEqual([]);
  await source.read();
  expect(await source.read()).toMatchObject([{ id: "of 1" }]);
  expect(log).toEqual(["open 1"]);
  detectAgain();
  expect(await source.read()).toMatchObject([{ id: "of 2" }]);
  expect(log).toEqual(["open 1", "close 1", "open 2"]);
  await source[Symbol.asyncDispose]();
  await source[Symbol.asyncDispose]();
  expect(log.at(-1)).toBe("close 2");
  expect(log).toHaveLength(4);
});

test("a read that waits for the detection opens nothing after the end", async () => {
  const detection = createDeferred<MachineProfile>();
  const source = createGpuSource(
    () => detection.promise,
    () => {
      throw new Error("opened after the end");
    },
  );
  const reading = source.read();
  await source[Symbol.asyncDispose]();
  detection.resolve({ at: 1 } as MachineProfile);
  expect(await reading).toEqual([]);
});
