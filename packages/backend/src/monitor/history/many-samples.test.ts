import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSampleBlock, openWorkspace, type SampleBlock } from "@deskside/storage";
import { expect, test } from "vitest";
import { createTestLog, gpuOf, sampleAt, startAt } from "../test/make-sample.ts";
import { layoutOf, valuesOf } from "./sample-layout.ts";
import { buildSeries } from "./series.ts";

const count = 100_000;
const perBlock = 60;

test("100,000 stored samples are read, whole and as 2,000 points", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "deskside-samples-"));
  const log = createTestLog();
  const workspace = openWorkspace({ dataDir, dataKey: new Uint8Array(32).fill(3), log });
  try {
    workspace.monitor.write(Array.from({ length: Math.ceil(count / perBlock) }, (_, number) => blockNumber(number)));
    const window = { from: startAt, to: startAt + count * 1000, resolutionMs: 1000 };
    const started = performance.now();
    const blocks = workspace.monitor.read(window);
    const read = performance.now();
    const thin = buildSeries(blocks, { ...window, points: 2000 });
    const thinned = performance.now();
    const whole = buildSeries(blocks, { ...window, points: count });
    const built = performance.now();
    const ms = (from: number, to: number) => `${Math.round(to - from)} ms`;
    process.stdout.write(
      `${count} samples of ${Object.keys(whole.values).length} columns: read ${ms(started, read)}, ` +
        `to 2,000 points ${ms(read, thinned)}, whole ${ms(thinned, built)}\n`,
    );
    expect(whole.at).toHaveLength(count);
    expect(whole.values["cpu"]?.[99_999]).toBe(99_999 % 100);
    expect(thin.at).toHaveLength(2000);
    expect(thin.values["cpu"]?.[0]).toBe(24.5);
    expect(log.lines).toEqual([]);
  } finally {
    workspace.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

function blockNumber(number: number): SampleBlock {
  const length = Math.min(perBlock, count - number * perBlock);
  const samples = Array.from({ length }, (_, index) => {
    const second = number * perBlock + index;
    return sampleAt(startAt + second * 1000, { cpu: second % 100, gpus: [gpuOf()] });
  });
  const { gpus, columns } = layoutOf([gpuOf()]);
  const rows = samples.map((sample) => ({ at: sample.at, values: valuesOf(sample) }));
  return createSampleBlock({ id: `mon_${String(number).padStart(6, "0")}`, resolutionMs: 1000, gpus, columns }, rows);
}
