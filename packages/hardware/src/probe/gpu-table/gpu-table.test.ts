import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { gpuTableSchema, lookUpGpu } from "./gpu-table.ts";

const path = fileURLToPath(new URL("../../../../../models/catalogue/gpus.json", import.meta.url));
const table = gpuTableSchema.parse(JSON.parse(readFileSync(path, "utf8")));

function ask(name: string, vendor: string, gigabytes: number | null = null, gpuCores: number | null = null) {
  const memoryBytes = gigabytes === null ? null : gigabytes * 1024 ** 3;
  const { id, bandwidthBytesPerSecond } = lookUpGpu(table, { name, vendor, memoryBytes, gpuCores });
  return [id, bandwidthBytesPerSecond === null ? null : bandwidthBytesPerSecond / 1e9];
}

describe("one name, several cards", () => {
  test.each<[string, string, number | null, string | null, number | null]>([
    ["NVIDIA GeForce RTX 4090", "nvidia", 24, "rtx-4090", 1008],
    ["NVIDIA GeForce RTX 4090 Laptop GPU", "nvidia", 16, "rtx-4090-laptop", 576],
    ["NVIDIA GeForce RTX 5090 Laptop GPU", "nvidia", 24, "rtx-5090-laptop", 896],
    ["NVIDIA GeForce RTX 2080 Super with Max-Q Design", "nvidia", 8, null, null],
    ["NVIDIA GeForce RTX 4070 Ti SUPER", "nvidia", 16, "rtx-4070-ti-super", 672],
    ["NVIDIA GeForce RTX 4090 D", "nvidia", 24, "rtx-4090-d", 1008],
    ["NVIDIA GeForce RTX 3060", "nvidia", 8, "rtx-3060", 240],
    ["NVIDIA GeForce RTX 3060", "nvidia", 11.99, "rtx-3060", 360],
    ["NVIDIA GeForce RTX 3060", "nvidia", null, "rtx-3060", 240],
    ["NVIDIA A100-SXM4-80GB", "nvidia", 79.3, "a100-80gb", 2039],
    ["NVIDIA A100-PCIE-40GB", "nvidia", 39.4, "a100-40gb", 1555],
    ["NVIDIA H100 PCIe", "nvidia", 79.6, "h100-pcie", 2039],
    ["NVIDIA H200", "nvidia", 140, "h200", 4800],
    ["NVIDIA H20", "nvidia", 95, "h20", null],
    ["NVIDIA L40S", "nvidia", 45, "l40s", 864],
    ["Tesla T4", "nvidia", 15, "tesla-t4", 320],
    ["NVIDIA RTX 6000 Ada Generation", "nvidia", 48, "rtx-6000-ada", 960],
    ["AMD Radeon RX 6800M", "amd", 12, null, null],
    ["AMD Radeon RX 7600S", "amd", 8, null, null],
    ["NVIDIA GH200 480GB", "nvidia", 95, null, null],
    ["Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M]", "amd", 24, "rx-7900-xtx", 960],
    ["AMD Radeon RX 7900 XT", "amd", 20, "rx-7900-xt", 800],
    ["AMD Radeon RX 7900 XTX", "amd", 24, "rx-7900-xtx", 960],
    ["AMD Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M", "amd", 24, "rx-7900-xtx", 960],
    ["AMD Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M", "amd", 20, "rx-7900-xt", 800],
    ["AMD Radeon RX 6700/6700 XT/6750 XT / 6800M/6850M XT", "amd", 12, "rx-6700-xt", 384],
    ["NVIDIA GeForce RTX 4060 Max-Q / Mobile", "nvidia", null, "rtx-4060-laptop", 256],
    ["AMD Instinct MI250X", "amd", 64, "mi250x", 1638.4],
    ["Intel(R) Arc(TM) A770 Graphics", "intel", 16, "arc-a770", 560],
    ["Intel(R) Arc(TM) Graphics", "intel", null, "intel-igpu", null],
    ["Apple M4", "apple", 16, "apple-m4", 120],
    ["Apple M4 Pro", "apple", 24, "apple-m4-pro", 273],
    ["NVIDIA GeForce GTX 970", "nvidia", 4, null, null],
    ["", "nvidia", null, null, null],
  ])("%s %s %s", (name, vendor, gigabytes, id, bandwidth) => {
    expect(ask(name, vendor, gigabytes)).toEqual([id, bandwidth]);
  });

  test("the number of GPU cores tells Apple's two Max chips apart; unknown means the slower", () => {
    expect(ask("Apple M4 Max", "apple", 36, 32)).toEqual(["apple-m4-max", 410]);
    expect(ask("Apple M4 Max", "apple", 64, 40)).toEqual(["apple-m4-max", 546]);
    expect(ask("Apple M4 Max", "apple", 64)).toEqual(["apple-m4-max", 410]);
  });

  test("every desktop card with a laptop's namesake is told apart from it", () => {
    for (const entry of table.gpus.filter((one) => one.formFactor === "laptop" && one.vendor === "nvidia")) {
      const name = `NVIDIA ${entry.name.replace(/ ?(Laptop GPU|Laptop)$/, "")}`;
      const memory = Math.max(...entry.memoryGB);
      expect(ask(`${name} Laptop GPU`, "nvidia", memory)[0], name).toBe(entry.id);
      expect(ask(name, "nvidia", memory)[0], name).not.toBe(entry.id);
    }
  });

  test("another vendor's name is no match, nor a pattern that is no regular expression", () => {
    expect(ask("NVIDIA GeForce RTX 4090", "amd")).toEqual([null, null]);
    const odd = { gpus: table.gpus.slice(0, 1).map((one) => ({ ...one, namePatterns: ["("] })) };
    expect(lookUpGpu(odd, { name: "NVIDIA GeForce RTX 2060", vendor: "nvidia", memoryBytes: null }).id).toBeNull();
  });
});
