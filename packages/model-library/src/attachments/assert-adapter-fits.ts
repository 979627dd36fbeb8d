import { deskError } from "@deskside/contract";
import type { GgufHeader } from "../gguf/gguf-header.ts";
import type { GgufTensor } from "../gguf/tensor-reader.ts";

type Reason = "not-an-adapter" | "other-architecture" | "unknown-tensor" | "other-shape";

/**
 * A LoRA adapter changes tensors of one model: each of its pairs `x.lora_a`, `x.lora_b` has to name a tensor `x` there,
 * and their product has to have its shape (as llama.cpp checks it, which gives up in the middle of the load). The kind
 * of adapter was checked with its header. Throws ADAPTER_MISMATCH.
 */
export function assertAdapterFits(adapter: GgufHeader, base: GgufHeader): void {
  const refuse = (reason: Reason, detail: string): never => {
    throw deskError("ADAPTER_MISMATCH", {
      ...{ adapter: adapter.name ?? adapter.path, base: base.name ?? base.path },
      ...{ reason, detail },
    });
  };
  if (adapter.kind !== "adapter") return refuse("not-an-adapter", adapter.path);
  if (base.kind === "adapter" || adapter.architecture !== base.architecture) {
    return refuse("other-architecture", `${adapter.architecture} / ${base.architecture}`);
  }
  const tensors = new Map(base.tensors.map((tensor) => [tensor.name, tensor]));
  const own = new Map(adapter.tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name } of adapter.tensors) {
    const target = /^(.+)\.lora_[ab]$/.exec(name)?.[1];
    const changed = target === undefined ? undefined : tensors.get(target);
    if (target === undefined || !changed) return refuse("unknown-tensor", name);
    const [a, b] = [own.get(`${target}.lora_a`), own.get(`${target}.lora_b`)];
    if (!a || !b) return refuse("unknown-tensor", name);
    if (!isProduct(changed, a, b)) {
      return refuse("other-shape", `${target}: ${shapeOf(a)} · ${shapeOf(b)} / ${shapeOf(changed)}`);
    }
  }
}

/** `b · a` has the shape of `changed`; the embedding table lies the other way round. */
function isProduct(changed: GgufTensor, a: GgufTensor, b: GgufTensor): boolean {
  const [columns = 1, rows = 1, ...others] = changed.shape;
  const isTable = changed.name === "token_embd.weight";
  const fits = isTable
    ? a.shape[0] === b.shape[0] && a.shape[1] === rows && b.shape[1] === columns
    : a.shape[1] === b.shape[0] && a.shape[0] === columns && b.shape[1] === rows;
  const isStacked = others.every((size, at) => a.shape[at + 2] === size && b.shape[at + 2] === size);
  return fits && isStacked;
}

function shapeOf(tensor: GgufTensor): string {
  return tensor.shape.join(" × ");
}
