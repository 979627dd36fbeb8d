import type { FitPlan, LoadCause } from "@deskside/contract";

/** The GPU, its driver or its binary does not work: less memory would not help, another API may. */
const apiCauses: ReadonlySet<LoadCause> = new Set<LoadCause>([
  "gpu-driver-missing",
  "gpu-driver-too-old",
  "gpu-device-lost",
  "gpu-not-supported",
  "gpu-no-device",
  "engine-binary-missing",
  "engine-binary-wrong-cpu",
  "engine-library-missing",
  "crashed",
  "stalled",
]);
const vramCauses: ReadonlySet<LoadCause> = new Set<LoadCause>(["out-of-vram", "vram-used-by-others"]);
const ramCauses: ReadonlySet<LoadCause> = new Set<LoadCause>(["out-of-ram", "address-space-limit", "killed-by-system"]);

export interface SizedPlan {
  readonly plan: FitPlan;
  readonly gpuBytes: number;
  readonly ramBytes: number;
}

/**
 * Index of the plan to try after the one at `index` failed by `cause`; null when none of the rest can help.
 * `plans`: best first. What is broken in the file or its path is broken on every device.
 */
export function nextPlan(plans: readonly SizedPlan[], index: number, cause: LoadCause): number | null {
  const failed = plans[index];
  if (!failed) return null;
  const helps = helpsAgainst(cause, failed);
  const found = plans.findIndex((candidate, at) => at > index && helps(candidate));
  return found === -1 ? null : found;
}

function helpsAgainst(cause: LoadCause, failed: SizedPlan): (candidate: SizedPlan) => boolean {
  const onGpu = failed.plan.api !== "none";
  if (cause === "unknown") return ({ plan }) => onGpu && plan.api !== failed.plan.api;
  if (cause === "crashed" && failed.plan.kvType !== "f16") {
    // The library calls quantized caches experimental.
    return ({ plan }) => plan.kvType === "f16" || (onGpu && plan.api !== failed.plan.api);
  }
  if (apiCauses.has(cause)) return ({ plan }) => onGpu && plan.api !== failed.plan.api;
  if (vramCauses.has(cause)) return ({ gpuBytes }) => gpuBytes < failed.gpuBytes;
  if (ramCauses.has(cause)) return ({ ramBytes }) => ramBytes < failed.ramBytes;
  if (cause === "context-too-large") {
    const cells = ({ contextSize, slots }: FitPlan) => contextSize * slots;
    return ({ plan, gpuBytes, ramBytes }) =>
      (cells(plan) < cells(failed.plan) || plan.kvType !== failed.plan.kvType || gpuBytes < failed.gpuBytes) &&
      gpuBytes + ramBytes < failed.gpuBytes + failed.ramBytes;
  }
  if (cause === "kv-type-needs-flash-attention") return ({ plan }) => plan.kvType === "f16" || plan.kvType === "f32";
  return () => false;
}
