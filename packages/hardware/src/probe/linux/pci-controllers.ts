import type { ProbeSource } from "../source/probe-source.ts";

/** A display controller in the shape of systeminformation's `graphics().controllers`. */
export interface PciController {
  readonly vendor: string;
  readonly model: string;
  readonly busAddress: string;
  readonly vendorId: string;
  readonly deviceId: string;
  readonly driver: string;
  readonly vram: null;
  readonly vramDynamic: false;
}

/**
 * Display controllers in the output of `lspci -D -vmm -nn -k`: records of `Key:\tvalue`, an empty line between them,
 * `[10de:2684]`-like ids at the end of names. PCI class 03xx: VGA, 3D and other display controllers.
 */
export function parsePciControllers(text: string): PciController[] {
  const found: PciController[] = [];
  for (const record of text
    .slice(0, 1024 * 1024)
    .replaceAll("\r", "")
    .split(/\n{2,}/)) {
    const fields = new Map<string, string>();
    for (const line of record.split("\n")) {
      const match = /^(\w+):\s+(\S.*)$/.exec(line);
      if (match?.[1] && match[2] && !fields.has(match[1])) fields.set(match[1], match[2].trim());
    }
    const slot = fields.get("Slot");
    if (!slot || !/\[03[0-9a-f]{2}\]\s*$/i.test(fields.get("Class") ?? "")) continue;
    found.push({
      vendor: withoutId(fields.get("Vendor")),
      model: withoutId(fields.get("Device")),
      busAddress: slot,
      vendorId: idOf(fields.get("Vendor")),
      deviceId: idOf(fields.get("Device")),
      driver: fields.get("Driver") ?? "",
      vram: null,
      vramDynamic: false,
    });
    if (found.length >= 64) break;
  }
  return found;
}

export async function readPciControllers(source: ProbeSource): Promise<{ controllers: PciController[] }> {
  const result = await source.run("lspci", ["-D", "-vmm", "-nn", "-k"]);
  return { controllers: result.status === "done" ? parsePciControllers(result.stdout) : [] };
}

function withoutId(name: string | undefined): string {
  return (name ?? "").replace(/\s*\[[0-9a-f]{4}\]\s*$/i, "").trim();
}

function idOf(name: string | undefined): string {
  return (/\[([0-9a-f]{4})\]\s*$/i.exec(name ?? "")?.[1] ?? "").toLowerCase();
}
