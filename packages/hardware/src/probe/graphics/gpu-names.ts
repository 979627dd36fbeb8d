import type { Gpu } from "@deskside/contract";

const software = /llvmpipe|lavapipe|swiftshader|softpipe|microsoft basic render/i;
const remote =
  /remote display|basic display|parsec|citrix|indirect display|virtual display|spacedesk|displaylink|teamviewer|anydesk|rdp|meta virtual|iddcx?|sunshine|idd\b/i;
const virtual =
  /vmware|svga ii|virtualbox|\bqxl\b|virtio|cirrus|bochs|hyper-v|parallels|xen |aspeed|matrox.*g200|mga g200|ast\d{4}|red hat/i;

/** Names are matched with patterns that take their time on a text without end. */
const longestName = 300;

export type AdapterKind = "gpu" | "software" | "remote" | "virtual";

/** What stands behind a display adapter. Only `gpu` computes: the others draw a screen, or do it on the processor. */
export function kindOfAdapter(text: string): AdapterKind {
  const short = text.slice(0, longestName);
  if (software.test(short)) return "software";
  if (remote.test(short)) return "remote";
  return virtual.test(short) ? "virtual" : "gpu";
}

const byPciId: Readonly<Record<string, Gpu["vendor"]>> = {
  "10de": "nvidia",
  "1002": "amd",
  "8086": "intel",
  "106b": "apple",
};
const byText: readonly (readonly [RegExp, Gpu["vendor"]])[] = [
  [/nvidia|geforce|quadro|\btesla\b/i, "nvidia"],
  [/advanced micro devices|\bamd\b|\bati\b|radeon|instinct|firepro/i, "amd"],
  [/intel|\biris\b|uhd graphics/i, "intel"],
  [/\bapple\b/i, "apple"],
];

/** Vendor by PCI vendor id (`10de`, `0x10de`), else by words in vendor or name. */
export function vendorOf(pciId: string, text: string): Gpu["vendor"] {
  const known = byPciId[pciId.toLowerCase().replace(/^0x/, "")];
  return known ?? byText.find(([pattern]) => pattern.test(text.slice(0, longestName)))?.[1] ?? "unknown";
}

const prefixes: Partial<Record<Gpu["vendor"], string>> = {
  nvidia: "NVIDIA",
  amd: "AMD",
  intel: "Intel",
  apple: "Apple",
};

/** The name for people: `AD102 [GeForce RTX 4090]` of the PCI database as `NVIDIA GeForce RTX 4090`. */
export function tidyGpuName(name: string, vendor: Gpu["vendor"]): string {
  const bare = name
    .slice(0, longestName)
    .replace(/\((?:tm|r)\)|[®™]/gi, "")
    .replace(/\s+\(rev [0-9a-f]+\)$/i, "")
    .replace(/\s+/g, " ")
    .trim();
  const sold = /\[([^\]]{3,})\]\s*$/.exec(bare)?.[1];
  const text = sold && !/^[0-9a-f]{4}(?::[0-9a-f]{4})?$/i.test(sold) ? sold.trim() : bare;
  const prefix = prefixes[vendor];
  if (!prefix || text.toLowerCase().includes(prefix.toLowerCase())) return text || `${prefix ?? "Unknown"} GPU`;
  return text === "" ? `${prefix} GPU` : `${prefix} ${text}`;
}

/** For comparing names from two tools: without vendor, marks, case. */
export function plainName(name: string): string {
  return name
    .slice(0, longestName)
    .toLowerCase()
    .replace(/\((?:tm|r)\)|[®™]|nvidia|advanced micro devices|\bamd\b|\bati\b|intel|corporation|\bgpu\b|graphics/g, " ")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

/** Shares the machine's memory, by its name. Names of discrete cards carry a model number. */
export function isIntegratedName(name: string, vendor: Gpu["vendor"]): boolean {
  const text = name
    .slice(0, longestName)
    .replace(/\((?:tm|r)\)|[®™]/gi, "")
    .replace(/\s+/g, " ");
  if (vendor === "apple") return /apple (?:m\d|a\d)/i.test(text);
  if (vendor === "nvidia")
    return /\b(?:GB10|GH10|Orin|Thor|Xavier|Tegra|nvgpu|N1X?)\b/i.test(text) && !/GeForce|RTX/i.test(text);
  if (vendor === "intel") {
    return /\b(?:u?hd graphics|iris|xe graphics|1[34]0[vt])\b|arc graphics|intel graphics|(?:lake|point|lynx)-?\w* .*(?:gt|integrated|graphics)/i.test(
      text,
    );
  }
  if (vendor === "amd") {
    return /radeon (?:vega \d+ |r\d )?graphics$|\b(?:6[68]0|7[468]0|8[0468]0|890)M\b|80[456]0S|\b(?:strix|phoenix|rembrandt|renoir|cezanne|raven|picasso|lucienne|barcelo|hawkpoint|krackan|mendocino|raphael|granite ridge)\b/i.test(
      text,
    );
  }
  return false;
}
