import { copyFileSync, existsSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchReportSchema, doctorReportSchema, fitReportSchema } from "@deskside/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "./test/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "deskside-fit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const own = ["--data-dir", join(folder, "data")];
const machine = (name: string) =>
  fileURLToPath(new URL(`../../../packages/hardware/fixtures/${name}`, import.meta.url));
const laptop = machine("nvidia/rtx-4070-laptop-windows");

async function fit(...args: string[]) {
  const { code, stdout, stderr } = await runCli(["fit", ...args, "--json", ...own]);
  if (code !== 0) throw new Error(`exit ${code}: ${stdout}${stderr}`);
  return fitReportSchema.parse(JSON.parse(stdout));
}

describe("deskside fit", () => {
  it("answers for an installed model on this machine: memory is the sum, RAM is there, speed is a number", async () => {
    const report = await fit("starter");
    expect(report).toMatchObject({ model: "starter", grade: "fits", plan: { api: "none", gpuLayers: 0, slots: 1 } });
    const { devices, memoryBytes, anonymousBytes } = report.predicted;
    expect(devices.map(({ name }) => name)).toEqual(["RAM"]);
    expect(memoryBytes).toBe(devices.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(anonymousBytes).toBeLessThanOrEqual(memoryBytes);
    expect(report.predicted.tokensPerSecond).toBeGreaterThan(0);
  });

  it("answers for a model of the catalogue on a recorded machine, by id and quantization", async () => {
    const whole = await fit("qwen3-8b:Q4_K_M", "--fixture", laptop);
    expect(whole).toMatchObject({ grade: "fits", quantization: "Q4_K_M", plan: { api: "cuda" } });
    expect(whole.plan.gpuLayers).toBe(whole.plan.totalLayers);
    const part = await fit("qwen3-32b:Q4_K_M", "--fixture", laptop);
    expect(part.plan.gpuLayers).toBeLessThan(part.plan.totalLayers);
    expect(part.because.map(({ code }) => code)).toContain("smaller-model-better");
    expect(part.predicted.tokensPerSecond ?? 0).toBeLessThan(whole.predicted.tokensPerSecond ?? 0);
  });

  it("respects context and slots", async () => {
    const small = await fit("qwen3-8b:Q4_K_M", "--fixture", laptop, "--context", "2048");
    const large = await fit("qwen3-8b:Q4_K_M", "--fixture", laptop, "--context", "2048", "--slots", "4");
    expect([small.plan.contextSize, large.plan.contextSize, large.plan.slots]).toEqual([2048, 2048, 4]);
    expect(large.predicted.memoryBytes).toBeGreaterThan(small.predicted.memoryBytes);
  });

  it("names what looks alike, and says no to nonsense", async () => {
    const wrong = await runCli(["fit", "qwen3-8b:Q9_Z", "--json", ...own]);
    expect(JSON.parse(wrong.stdout).error).toMatchObject({
      code: "MODEL_NOT_FOUND",
      data: { nearest: expect.arrayContaining(["qwen3-8b:Q4_K_M"]) },
    });
    expect((await runCli(["fit", "starter", "--context", "-3", ...own])).code).toBe(2);
    const nowhere = await runCli(["fit", "starter", "--fixture", join(folder, "none"), "--json", ...own]);
    expect(JSON.parse(nowhere.stdout).error.code).toBe("FIXTURE_INVALID");
  });
});

const header = fileURLToPath(
  new URL("../../../../shared/fixtures/gguf/deepseek-r1-distill-qwen-7b-q4_k_m.header.gguf", import.meta.url),
);

describe.skipIf(!existsSync(header))("a real 7B, its weights all zero", () => {
  const path = join(folder, "7b.gguf");
  beforeAll(() => {
    copyFileSync(header, path);
    truncateSync(path, 4_683_073_248);
  });

  it("does it fit: on a laptop's card, in RAM, and as it is in the catalogue", async () => {
    const onLaptop = await fit(path, "--fixture", laptop);
    expect(onLaptop).toMatchObject({ grade: "fits", plan: { api: "cuda", gpuLayers: 29, totalLayers: 29 } });
    const listed = await fit("deepseek-r1-distill-qwen-7b:Q4_K_M", "--fixture", laptop);
    expect(Math.abs(listed.predicted.memoryBytes / onLaptop.predicted.memoryBytes - 1)).toBeLessThan(0.05);
    const inRam = await fit(path, "--fixture", machine("linux/no-gpu-server"));
    expect(inRam).toMatchObject({ grade: "fits", plan: { api: "none" } });
  });

  it("too large: says by how much and what runs instead", async () => {
    const report = await fit(path, "--fixture", machine("linux/raspberry-pi-5"), "--context", "131072");
    expect(report.grade).toBe("too-large");
    const reason = report.because.find(({ code }) => code === "too-large");
    expect(reason?.data["neededBytes"]).toBeGreaterThan(Number(reason?.data["budgetBytes"]));
    expect(report.alternatives.length).toBeGreaterThan(0);
  });
});

describe("deskside doctor --fixture", () => {
  it.each([
    ["nvidia/rtx-4070-laptop-windows", "cuda"],
    ["apple/m1-8gb", "metal"],
    ["amd/rx-6700-xt-rocm-smi", "vulkan"],
    ["linux/no-gpu-server", "none"],
    ["linux/llvmpipe", "none"],
  ])("%s runs on %s", async (name, api) => {
    const { stdout, code } = await runCli(["doctor", "--fixture", machine(name), "--json"]);
    const report = doctorReportSchema.parse(JSON.parse(stdout));
    expect([code, report.engine.api]).toEqual([0, api]);
    for (const one of report.recommendations) {
      expect(one.because.length).toBeGreaterThan(0);
      expect(one.predicted.memoryBytes).toBe(one.predicted.devices.reduce((sum, { bytes }) => sum + bytes, 0));
    }
  });
});

describe("deskside bench", () => {
  it("puts what was measured beside what was predicted, as JSON and CSV, and learns from it", async () => {
    const json = await runCli(["bench", "starter", "--no-threads", "--json", ...own]);
    const report = benchReportSchema.parse(JSON.parse(json.stdout));
    expect(report).toMatchObject({ model: "starter", threads: [], chosenThreads: null });
    expect(report.runs.length).toBeGreaterThan(0);
    for (const { measured, predicted } of report.runs) {
      expect(measured.tokensPerSecond).toBeGreaterThan(0);
      expect(measured.promptTokensPerSecond).toBeGreaterThan(0);
      expect(measured.memoryBytes).toBe(measured.devices.reduce((sum, { bytes }) => sum + bytes, 0));
      expect(predicted.memoryBytes).toBeGreaterThan(0);
    }
    const [first] = report.runs;
    const learned = await fit("starter");
    const before = Math.abs((first?.predicted.tokensPerSecond ?? 0) - (first?.measured.tokensPerSecond ?? 0));
    const after = Math.abs((learned.predicted.tokensPerSecond ?? 0) - (first?.measured.tokensPerSecond ?? 0));
    expect(after).toBeLessThan(before);
    const csv = await runCli(["bench", "starter", "--no-threads", "--csv", ...own]);
    expect(csv.stdout.split("\r\n")[0]).toContain("predicted_bytes,measured_bytes");
  });
});
