import { isIntegratedName, tidyGpuName } from "../graphics/gpu-names.ts";
import { type FoundGpu, unknownGpu } from "../found-gpu.ts";
import { bytesOf, listOf, recordOf, textOf } from "../loose-values.ts";

/** A device of AMD's tools. GTT = memory of the machine that it may map; bytes. */
export interface AmdGpu {
  readonly gpu: FoundGpu;
  readonly gttTotalBytes: number | null;
  readonly gttUsedBytes: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Output of `rocm-smi … --json`: `{"card0": {…}, "system": {…}}`, every value a text, keys that vary by release.
 * Source of the keys: telegraf's testdata for amd_rocm_smi. Warnings before the JSON are skipped. Null = not that.
 */
export function parseRocmSmi(text: string): AmdGpu[] | null {
  const report = recordOf(jsonIn(text));
  if (!report) return null;
  const driver = fieldOf(recordOf(report["system"]) ?? {}, /^driver version$/i);
  const cards = Object.entries(report).filter(([key, value]) => /^card\d{1,3}$/.test(key) && recordOf(value) !== null);
  return cards.slice(0, 256).map(([key, value]) => cardOf(Number(key.slice(4)), recordOf(value) ?? {}, driver));
}

function cardOf(index: number, fields: Fields, driver: string): AmdGpu {
  const total = bytesOf(fieldOf(fields, /^vram total memory \(b\)$/i), "b");
  const used = bytesOf(fieldOf(fields, /^vram total used memory \(b\)$/i), "b");
  const name = nameIn(fields);
  const gfx = /gfx[0-9a-f]{3,5}/i.exec(fieldOf(fields, /^gfx version$/i))?.[0]?.toLowerCase() ?? null;
  return {
    gttTotalBytes: bytesOf(fieldOf(fields, /^gtt total memory \(b\)$/i), "b"),
    gttUsedBytes: bytesOf(fieldOf(fields, /^gtt total used memory \(b\)$/i), "b"),
    gpu: {
      ...unknownGpu,
      vendor: "amd",
      name: tidyGpuName(name, "amd"),
      busId: fieldOf(fields, /^pci bus$/i) || null,
      uuid: fieldOf(fields, /^unique id$/i) || null,
      index,
      unified: isIntegratedName(name, "amd") ? true : null,
      vramTotalBytes: total || null,
      vramFreeBytes: total && used !== null ? Math.max(0, total - used) : null,
      driver: driver || null,
      capability: gfx,
      working: true,
    },
  };
}

/** Releases put the name under different keys, and some put a number there. */
function nameIn(fields: Fields): string {
  const names = [/^device name$/i, /^card series$/i, /^card model$/i, /^card sku$/i].map((key) => fieldOf(fields, key));
  return names.find((name) => /[a-z]{3}/i.test(name) && !/^0x[0-9a-f]+$/i.test(name)) ?? "";
}

function fieldOf(fields: Fields, key: RegExp): string {
  const found = Object.entries(fields).find(([name]) => key.test(name.trim()));
  const text = textOf(typeof found?.[1] === "number" ? String(found[1]) : found?.[1]);
  return /^n\/?a$/i.test(text) ? "" : text;
}

/**
 * Outputs of `amd-smi static --json` and `amd-smi metric --json`: a list (newer: under `gpu_data`) with one object per
 * GPU, sizes as `{"value": 196300, "unit": "MB"}`. Source: ROCm/amdsmi CHANGELOG and its documentation. Null = not that.
 */
export function parseAmdSmi(staticText: string, metricText: string): AmdGpu[] | null {
  const [facts, figures] = [devicesIn(staticText), devicesIn(metricText)];
  if (!facts && !figures) return null;
  const metrics = figures ?? [];
  return (facts ?? metrics).map((device, at): AmdGpu => {
    const metric = metrics.find((one) => one["gpu"] === device["gpu"]) ?? {};
    const [asic, memory] = [recordOf(device["asic"]) ?? {}, recordOf(metric["mem_usage"]) ?? {}];
    const total = sizeOf(memory["total_vram"]) ?? sizeOf(recordOf(device["vram"])?.["size"]);
    const used = sizeOf(memory["used_vram"]);
    const name = textOf(asic["market_name"]) || textOf(recordOf(device["board"])?.["product_name"]);
    const gfx = textOf(asic["target_graphics_version"]).toLowerCase();
    return {
      gttTotalBytes: sizeOf(memory["total_gtt"]),
      gttUsedBytes: sizeOf(memory["used_gtt"]),
      gpu: {
        ...unknownGpu,
        vendor: "amd",
        name: tidyGpuName(name, "amd"),
        busId: textOf(recordOf(device["bus"])?.["bdf"]) || null,
        index: typeof device["gpu"] === "number" ? device["gpu"] : at,
        unified: isIntegratedName(name, "amd") ? true : null,
        vramTotalBytes: total || null,
        vramFreeBytes: total && used !== null ? Math.max(0, total - used) : null,
        driver: textOf(recordOf(device["driver"])?.["version"]) || null,
        capability: /^gfx[0-9a-f]+$/.test(gfx) ? gfx : null,
        working: true,
      },
    };
  });
}

function devicesIn(text: string): Fields[] | null {
  const json = jsonIn(text);
  const list = Array.isArray(json) ? json : recordOf(json)?.["gpu_data"];
  return Array.isArray(list)
    ? listOf(list)
        .map(recordOf)
        .filter((one) => one !== null)
    : null;
}

/** AMD's tools count in 1024s and write "MB" for it. */
function sizeOf(value: unknown): number | null {
  const sized = recordOf(value);
  const text = sized ? `${String(sized["value"])} ${textOf(sized["unit"]) || "MB"}` : textOf(value);
  return bytesOf(text.replace(/\b([kmgt])b\b/i, "$1iB"), "mib");
}

/** The first JSON value of a text that may start with warnings. */
export function jsonIn(text: string): unknown {
  const cut = text.slice(0, 4 * 1024 * 1024);
  for (const start of [cut.search(/[[{]/), cut.search(/^\s*[[{]/m)]) {
    if (start < 0) continue;
    try {
      return JSON.parse(cut.slice(start));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return null;
}
