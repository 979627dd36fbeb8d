import { z } from "zod";

const positive = z.number().positive();

const entrySchema = z.object({
  id: z.string(),
  name: z.string(),
  vendor: z.string(),
  formFactor: z.string(),
  memoryGB: z.array(z.number()),
  unifiedMemory: z.boolean(),
  bandwidthGBs: positive.nullable(),
  bandwidthLowGBs: positive.nullish(),
  variants: z
    .array(z.object({ memoryGB: positive.nullish(), gpuCores: positive.nullish(), bandwidthGBs: positive }))
    .nullish(),
  perDevice: z.object({ memoryGB: positive, bandwidthGBs: positive }).nullish(),
  computeCapability: z.string().nullish(),
  gfx: z.string().nullish(),
  namePatterns: z.array(z.string().max(200)),
});

/** What detection needs of the catalogue's `gpus.json`; its other fields are left alone. */
export const gpuTableSchema = z.object({ gpus: z.array(entrySchema) });
export type GpuTable = z.infer<typeof gpuTableSchema>;
type Entry = z.infer<typeof entrySchema>;

export interface GpuQuestion {
  readonly name: string;
  readonly vendor: string;
  /** Of the device; null = unknown. For shared memory the machine's. */
  readonly memoryBytes: number | null;
  readonly gpuCores?: number | null;
}

export interface GpuAnswer {
  readonly id: string;
  readonly unified: boolean;
  /** Peak, bytes a second; null = not in the table. */
  readonly bandwidthBytesPerSecond: number | null;
  readonly capability: string | null;
  /** Sizes the card is sold with, GB; empty = shares the machine's. */
  readonly memoryGB: readonly number[];
}

const nothing = { id: null, unified: null, bandwidthBytesPerSecond: null, capability: null, memoryGB: [] } as const;
/** AMD marks laptop parts with a letter alone: RX 6800M, RX 7600S. */
const isMobile = /laptop|mobile|max-q|\brx \d{4}[ms]\b/i;

/**
 * Looks a device up by its name. A desktop card is never taken for a laptop's, which has about half the bandwidth, nor
 * the other way round. Where one name stands for several cards, memory (or GPU cores) decides; if that is not known, the
 * slowest is assumed.
 */
export function lookUpGpu(table: GpuTable, question: GpuQuestion): GpuAnswer | typeof nothing {
  const names = namesIn(question.name);
  const found = table.gpus
    .filter((entry) => entry.vendor === question.vendor)
    .flatMap((entry) => {
      const name = names.find((one) => isSameKind(entry, one) && matches(entry, one));
      return name === undefined ? [] : [{ entry, rank: rank(entry), distance: sizeDistance(entry, question) }];
    })
    .sort(
      (a, b) => b.rank - a.rank || a.distance - b.distance || (a.entry.bandwidthGBs ?? 0) - (b.entry.bandwidthGBs ?? 0),
    )[0]?.entry;
  if (!found) return nothing;
  const gigabytes = bandwidthOf(found, question);
  return {
    id: found.id,
    unified: found.unifiedMemory,
    bandwidthBytesPerSecond: gigabytes === null ? null : gigabytes * 1e9,
    capability: found.computeCapability ?? found.gfx ?? null,
    memoryGB: found.memoryGB,
  };
}

/**
 * The PCI database names all cards of one chip at once: `Radeon RX 7900 XT/7900 XTX/7900 GRE`. What starts with a
 * number goes on where the first name has its own.
 */
function namesIn(text: string): string[] {
  const plain = text
    .slice(0, 200)
    .replace(/\((tm|r)\)|[®™]/gi, "")
    .replace(/\s+/g, " ")
    .trim();
  const listed = /\[([^\]]+)\]/.exec(plain)?.[1] ?? plain;
  const [first = "", ...others] = listed.split("/").map((part) => part.trim());
  const family = /^\D*/.exec(first)?.[0] ?? "";
  return [first, ...others.map((part) => (/^\d/.test(part) ? `${family}${part}` : part)), plain];
}

function matches(entry: Entry, name: string): boolean {
  return entry.namePatterns.some((pattern) => {
    try {
      const found = new RegExp(pattern, "i").exec(name);
      // The end of another name is none: GH200 is no H200.
      return found !== null && !/[a-z0-9]$/i.test(name.slice(0, found.index));
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  });
}

/** A laptop's card is no desktop's of the same number, which has about twice the bandwidth. */
function isSameKind({ formFactor }: Entry, name: string): boolean {
  return formFactor === "laptop" ? isMobile.test(name) : formFactor === "soc" || !isMobile.test(name);
}

/** Single devices before the collective "integrated". */
function rank(entry: Entry): number {
  return entry.memoryGB.length > 0 ? 1 : 0;
}

function sizeDistance(entry: Entry, { memoryBytes }: GpuQuestion): number {
  const sizes = entry.perDevice ? [...entry.memoryGB, entry.perDevice.memoryGB] : entry.memoryGB;
  if (memoryBytes === null || sizes.length === 0) return 0;
  const gigabytes = memoryBytes / 1024 ** 3;
  return Math.min(...sizes.map((size) => Math.abs(size - gigabytes)));
}

function bandwidthOf(entry: Entry, question: GpuQuestion): number | null {
  const { memoryBytes, gpuCores } = question;
  const gigabytes = memoryBytes === null ? null : memoryBytes / 1024 ** 3;
  // A board of two dies shows up as two devices of half the memory.
  if (entry.perDevice && gigabytes !== null && gigabytes < entry.perDevice.memoryGB * 1.1) {
    return entry.perDevice.bandwidthGBs;
  }
  const variants = entry.variants ?? [];
  if (variants.length === 0) return entry.bandwidthGBs;
  const byCores = variants.filter((one) => typeof gpuCores === "number" && one.gpuCores === gpuCores);
  if (byCores[0]) return byCores[0].bandwidthGBs;
  const sized = variants.filter((one) => typeof one.memoryGB === "number");
  if (gigabytes !== null && sized.length > 0) {
    const [best] = sized.sort(
      (a, b) => Math.abs((a.memoryGB ?? 0) - gigabytes) - Math.abs((b.memoryGB ?? 0) - gigabytes),
    );
    return best?.bandwidthGBs ?? null;
  }
  return Math.min(...variants.map((one) => one.bandwidthGBs));
}
