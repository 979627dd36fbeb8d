import { z } from "zod";

export const gpuVendors = ["nvidia", "amd", "intel", "apple", "software", "unknown"] as const;
/** How llama.cpp reaches a device. */
export const gpuApis = ["none", "cuda", "vulkan", "metal"] as const;
export type GpuApi = (typeof gpuApis)[number];

/** One graphics device, or one MIG slice of it. Bytes; null = the system does not say. */
export const gpuSchema = z.object({
  /** Stable while the machine stays as it is: PCI bus id where there is one, else uuid or a running number. */
  id: z.string(),
  vendor: z.enum(gpuVendors),
  name: z.string(),
  /** Integrated and Apple devices share the machine's memory. */
  unified: z.boolean(),
  vramTotalBytes: z.number().nullable(),
  vramFreeBytes: z.number().nullable(),
  driver: z.string().nullable(),
  api: z.enum(gpuApis),
  /** Peak, as the table says or as it was measured. */
  bandwidthBytesPerSecond: z.number().nullable(),
  bandwidthSource: z.enum(["table", "measured"]).nullable(),
  /** Id in the table of GPUs; null = not in it. */
  tableId: z.string().nullable(),
  /** CUDA compute capability such as "8.9"; AMD gfx such as "gfx1100". */
  capability: z.string().nullable(),
  /** This device is a MIG slice: what CUDA_VISIBLE_DEVICES has to be to use it. */
  migUuid: z.string().nullable(),
});
export type Gpu = z.infer<typeof gpuSchema>;

/** What a probe found odd, as data; the interface words it. */
export const probeNoteCodes = [
  "tool-missing",
  "tool-timed-out",
  "tool-failed",
  "tool-garbled",
  "driver-not-loaded",
  "vram-unknown",
  "vram-corrected",
  "gpu-without-api",
  "software-gpu",
  "mig-enabled-without-slices",
  "remote-display",
  "gpu-needs-reset",
] as const;
export const probeNoteSchema = z.object({
  code: z.enum(probeNoteCodes),
  /** Tool or device the note is about. */
  subject: z.string(),
  detail: z.string(),
});
export type ProbeNote = z.infer<typeof probeNoteSchema>;

/** A path between two GPUs, best first: NVLink (with its number of links), then PCIe at growing distance. */
export const gpuLinkSchema = z.object({
  from: z.string(),
  to: z.string(),
  kind: z.enum(["nvlink", "pix", "pxb", "phb", "node", "sys", "unknown"]),
  links: z.number().int().nullable(),
});
export type GpuLink = z.infer<typeof gpuLinkSchema>;

/** The machine as Deskside sees it. Sizes are bytes, after container limits. */
export const machineProfileSchema = z.object({
  at: z.number(),
  platform: z.string(),
  arch: z.string(),
  /** Name and version of the system, as it says itself. */
  system: z.string().nullable(),
  cpu: z.object({
    name: z.string(),
    /** Cores that matter: no hyper-threads; of hybrid processors the fast ones are counted apart. */
    physicalCores: z.number().int(),
    logicalCores: z.number().int(),
    performanceCores: z.number().int().nullable(),
    /** Lower case, of those llama.cpp has kernels for: avx2, avx512, amx, neon, sve … */
    instructionSets: z.array(z.string()),
  }),
  memory: z.object({
    totalBytes: z.number(),
    freeBytes: z.number(),
    bandwidthBytesPerSecond: z.number().nullable(),
    bandwidthSource: z.enum(["table", "measured"]).nullable(),
  }),
  gpus: z.array(gpuSchema),
  links: z.array(gpuLinkSchema),
  disks: z.array(
    z.object({
      mount: z.string(),
      totalBytes: z.number(),
      freeBytes: z.number(),
      kind: z.enum(["ssd", "hdd", "unknown"]),
      readBytesPerSecond: z.number().nullable(),
    }),
  ),
  battery: z.object({ percent: z.number(), charging: z.boolean() }).nullable(),
  notes: z.array(probeNoteSchema),
});
export type MachineProfile = z.infer<typeof machineProfileSchema>;
