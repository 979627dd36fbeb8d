import { bytesOf, textOf } from "../loose-values.ts";
import { isMissing } from "./nvidia-query.ts";

export interface XmlSlice {
  /** Number of the MIG device on its board, as in `-L`. */
  readonly device: number;
  readonly totalBytes: number | null;
  readonly freeBytes: number | null;
}

/** One `<gpu>` of `nvidia-smi -q -x`. */
export interface XmlGpu {
  readonly busId: string | null;
  readonly name: string;
  readonly uuid: string | null;
  readonly totalBytes: number | null;
  readonly freeBytes: number | null;
  readonly migEnabled: boolean;
  readonly slices: readonly XmlSlice[];
}

export interface NvidiaReport {
  readonly driver: string | null;
  readonly gpus: readonly XmlGpu[];
}

/**
 * What detection needs of `nvidia-smi -q -x`, over schemas v11, v12 and v13. The report is machine-written and flat, so
 * elements are cut out by name instead of with an XML library; a truncated report gives what was complete.
 */
export function parseNvidiaXml(text: string): NvidiaReport {
  const report = text.slice(0, 4 * 1024 * 1024);
  return {
    driver: valueOf(report, "driver_version"),
    gpus: sections(report, /<gpu id="([^"]{1,40})">/g, "</gpu>").map(({ id, body }) => gpuOf(id, body)),
  };
}

function gpuOf(id: string, body: string): XmlGpu {
  const slicesAt = body.indexOf("<mig_devices>");
  const slicesEnd = body.indexOf("</mig_devices>");
  const hasSlices = slicesAt >= 0 && slicesEnd > slicesAt;
  // The board's own memory stands outside the list of its slices.
  const own = hasSlices ? body.slice(0, slicesAt) + body.slice(slicesEnd) : body;
  const memory = sections(own, /<fb_memory_usage>/g, "</fb_memory_usage>")[0]?.body ?? "";
  const slices = hasSlices
    ? sections(body.slice(slicesAt, slicesEnd), /<mig_device>/g, "</mig_device>").flatMap((one) => sliceOf(one.body))
    : [];
  return {
    busId: id,
    name: valueOf(body, "product_name") ?? "",
    uuid: valueOf(body, "uuid"),
    totalBytes: bytesOf(valueOf(memory, "total"), "mib"),
    freeBytes: bytesOf(valueOf(memory, "free"), "mib"),
    migEnabled: valueOf(body, "current_mig") === "Enabled",
    slices,
  };
}

function sliceOf(body: string): XmlSlice[] {
  const device = Number(valueOf(body, "index") ?? Number.NaN);
  if (!Number.isInteger(device) || device < 0) return [];
  const memory = sections(body, /<fb_memory_usage>/g, "</fb_memory_usage>")[0]?.body ?? "";
  return [
    {
      device,
      totalBytes: bytesOf(valueOf(memory, "total"), "mib"),
      freeBytes: bytesOf(valueOf(memory, "free"), "mib"),
    },
  ];
}

function sections(text: string, open: RegExp, close: string): { id: string; body: string }[] {
  const found: { id: string; body: string }[] = [];
  for (const match of text.matchAll(open)) {
    const start = match.index + match[0].length;
    const end = text.indexOf(close, start);
    if (end < 0 || found.length >= 256) break;
    found.push({ id: match[1] ?? "", body: text.slice(start, end) });
  }
  return found;
}

function valueOf(text: string, name: string): string | null {
  const start = text.indexOf(`<${name}>`);
  if (start < 0) return null;
  const end = text.indexOf(`</${name}>`, start);
  const value = end < 0 ? "" : textOf(text.slice(start + name.length + 2, Math.min(end, start + 300)));
  return value === "" || isMissing(value) ? null : value;
}
