import { gpuKey } from "@deskside/contract";
import { splitUsed } from "../../strip/memory.ts";
import { type Column, type SeriesBuffer, sumColumns } from "./series-buffer.ts";

export interface MemoryColumns {
  readonly weights: Column;
  readonly kv: Column;
  readonly buffer: Column;
  readonly other: Column;
  readonly used: Column;
  /** Bytes, as last reported; null = not reported. */
  readonly totalBytes: number | null;
}

/** Video memory of all cards together, split by what it holds. */
export function videoMemory(buffer: SeriesBuffer): MemoryColumns {
  const all = (name: string) => sumColumns(buffer.gpus.map(({ id }) => buffer.column(gpuKey(id, name))));
  return split(all("vramUsed"), all("weights"), all("kv"), all("buffer"), all("vramTotal"));
}

export function systemMemory(buffer: SeriesBuffer): MemoryColumns {
  return split(
    buffer.column("memory.used"),
    buffer.column("engine.weights"),
    buffer.column("engine.kv"),
    buffer.column("engine.buffer"),
    buffer.column("memory.total"),
  );
}

function split(used: Column, weights: Column, kv: Column, buffer: Column, total: Column): MemoryColumns {
  const parts = used.map((bytes, row) =>
    bytes === null
      ? null
      : splitUsed({ used: bytes, weights: weights[row] ?? 0, kv: kv[row] ?? 0, buffer: buffer[row] ?? 0 }),
  );
  const pick = (name: "weights" | "kv" | "buffer" | "other") => parts.map((part) => part?.[name] ?? null);
  return {
    weights: pick("weights"),
    kv: pick("kv"),
    buffer: pick("buffer"),
    other: pick("other"),
    used,
    totalBytes: total.findLast((value) => value !== null) ?? null,
  };
}
