import type { LoadCause } from "../hardware/fit-schemas.ts";

export interface LoadFailure {
  /** Message, class and code of what was thrown. */
  readonly message: string;
  readonly errorName: string;
  readonly errorCode: string | null;
  /** Newest lines of the native log, oldest first. */
  readonly lines: readonly string[];
  /** Bytes of address space this process may use; null = no limit. */
  readonly addressSpaceLimit: number | null;
}

/**
 * Sentences of llama.cpp, ggml, the drivers and the dynamic linker, most telling first: a failed allocation of the
 * cache also says "failed to allocate", a device that is lost also says "out of memory".
 */
const sentences: readonly (readonly [RegExp, LoadCause])[] = [
  [/unknown model architecture/i, "architecture-unknown"],
  [/invalid split|split file|missing split|split count|illegal split/i, "split-part-missing"],
  [/quantized V cache requires flash|V cache quantization requires flash/i, "kv-type-needs-flash-attention"],
  [/lora[^\n]*(?:incorrect shape|failed|unknown|invalid)|Failed to initialize LoRA/i, "adapter-does-not-fit"],
  [/not within the file bounds|file is truncated|unexpectedly reached end of file/i, "file-truncated"],
  [/missing tensor|tensor [^\n]* not found/i, "tensor-missing"],
  [/wrong shape|incorrect shape|has wrong number of|wrong number of tensors/i, "tensor-shape-wrong"],
  [
    /invalid ggml type|unknown (?:tensor|ggml) type|unsupported (?:tensor|ggml) type|bad tensor type/i,
    "tensor-type-unknown",
  ],
  [
    /unknown (?:pre-)?tokenizer|error loading model vocabulary|vocab mismatch|cannot find tokenizer/i,
    "tokenizer-unsupported",
  ],
  [
    /invalid (?:gguf )?magic|not a gguf|failed to read (?:magic|header|key|tensor)|gguf_init_from|error loading model hyperparameters|key not found/i,
    "file-damaged",
  ],
  [
    /DeviceLost|device lost|fallen off the bus|unspecified launch failure|GPU requires reset|devices? (?:is|are) busy or unavailable/i,
    "gpu-device-lost",
  ],
  [
    /driver version is insufficient|driver is too old|requires (?:a )?newer driver|unsupported toolchain/i,
    "gpu-driver-too-old",
  ],
  [
    /no kernel image|unsupported gpu architecture|device is not supported|missing (?:required )?(?:feature|extension)|does not support 16-bit storage/i,
    "gpu-not-supported",
  ],
  [
    /no CUDA-capable device|libcuda\.so|nvcuda\.dll|libvulkan\.so|vulkan-1\.dll|incompatible vulkan driver|ErrorIncompatibleDriver|failed to initialize CUDA/i,
    "gpu-driver-missing",
  ],
  [
    /GLIBC(?:XX)?_[\d.]+' not found|cannot open shared object file|specified module could not be found|library not loaded/i,
    "engine-library-missing",
  ],
  [/illegal instruction|SIGILL/i, "engine-binary-wrong-cpu"],
  [/no devices? (?:found|available)|zero devices|finds no device/i, "gpu-no-device"],
  [
    /failed to allocate[^\n]*(?:kv cache|cache buffer)|buffer for kv cache|buffer for rs cache|n_ctx[^\n]*too large/i,
    "context-too-large",
  ],
  [
    /ErrorOutOfDeviceMemory|exceeds device (?:memory|buffer)|cudaMalloc failed|CUDA error: out of memory|(?:failed|unable) to allocate (?:CUDA|Vulkan|Metal|ROCm|MTL)\w* buffer|kIOGPUCommandBufferCallbackErrorOutOfMemory/i,
    "out-of-vram",
  ],
  [
    /insufficient memory|out of memory|bad_alloc|(?:failed|unable) to allocate|cannot allocate memory|mmap failed: cannot/i,
    "out-of-ram",
  ],
  [/failed to (?:mmap|read|open)|read error|input\/output error/i, "file-read-failed"],
];

const codes: Readonly<Record<string, LoadCause>> = {
  ENOENT: "file-missing",
  EACCES: "file-no-permission",
  EPERM: "file-no-permission",
  EISDIR: "file-read-failed",
  EIO: "file-read-failed",
  ENOMEM: "out-of-ram",
};

/** Why a load failed, from all that was said about it. "unknown" when nothing of it is known; the detail is kept then. */
export function findLoadCause(failure: LoadFailure): LoadCause {
  if (failure.errorName === "NoBinaryFoundError") return "engine-binary-missing";
  const byCode = failure.errorCode === null ? undefined : codes[failure.errorCode];
  if (byCode) return byCode;
  const said = [failure.message, ...failure.lines.filter((line) => !line.startsWith("info:"))].join("\n");
  const found = sentences.find(([sentence]) => sentence.test(said))?.[1];
  if ((found === "out-of-ram" || found === "context-too-large") && failure.addressSpaceLimit !== null)
    return "address-space-limit";
  return found ?? (failure.errorName === "InsufficientMemoryError" ? "out-of-ram" : "unknown");
}

/** Bytes of the allocation that failed, when it is said. */
export function failedAllocationBytes(said: string): number | null {
  const plain = /(?:buffer of size|buffer|allocating) (\d{4,})\b(?! ?[KMG]i?B)/i.exec(said)?.[1];
  if (plain !== undefined) return Number(plain);
  const unit = /(?:allocate|allocating|attempted to allocate)\D{0,40}(\d+(?:\.\d+)?) ?([KMG])i?B/i.exec(said);
  if (!unit) return null;
  return Math.round(
    Number(unit[1]) * { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[unit[2]?.toUpperCase() as "K" | "M" | "G"],
  );
}
