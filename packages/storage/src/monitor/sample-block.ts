import { z } from "zod";

/** Samples of one resolution with the same columns, oldest first. NaN = not reported. */
export interface SampleBlock {
  readonly id: string;
  readonly resolutionMs: number;
  readonly gpus: readonly { readonly id: string; readonly name: string }[];
  readonly columns: readonly string[];
  /** Milliseconds since 1970, not decreasing. */
  readonly at: Float64Array;
  /** Column after column, `at.length` numbers each. Single precision: bytes of a 4 TB disk are kept to 256 kB. */
  readonly values: Float32Array;
}

const layoutSchema = z.object({
  gpus: z.array(z.object({ id: z.string(), name: z.string() })),
  columns: z.array(z.string()),
});

export function createSampleBlock(
  head: Pick<SampleBlock, "id" | "resolutionMs" | "gpus" | "columns">,
  rows: readonly { readonly at: number; readonly values: ArrayLike<number> }[],
): SampleBlock {
  const count = rows.length;
  const at = new Float64Array(count);
  const values = new Float32Array(count * head.columns.length);
  for (const [index, row] of rows.entries()) {
    at[index] = row.at;
    for (let column = 0; column < head.columns.length; column++) {
      values[column * count + index] = row.values[column] ?? Number.NaN;
    }
  }
  return { ...head, at, values };
}

/** As it lies on disk: times as milliseconds after the first (uint32), then the columns (float32), little endian. */
export function encodeBlock(block: SampleBlock): { startAt: number; endAt: number; layout: string; data: Uint8Array } {
  const count = block.at.length;
  const startAt = block.at[0];
  const endAt = block.at[count - 1];
  if (startAt === undefined || endAt === undefined) throw new Error("a block without samples");
  const data = new Uint8Array(4 * (count + block.values.length));
  const view = new DataView(data.buffer);
  for (let index = 0; index < count; index++) view.setUint32(index * 4, (block.at[index] ?? 0) - startAt, true);
  for (let index = 0; index < block.values.length; index++) {
    view.setFloat32(4 * (count + index), block.values[index] ?? Number.NaN, true);
  }
  return { startAt, endAt, layout: JSON.stringify({ gpus: block.gpus, columns: block.columns }), data };
}

export interface BlockRow {
  readonly id: string;
  readonly resolution_ms: number;
  readonly start_at: number;
  readonly layout: string;
  readonly data: Uint8Array;
}

/** Null for a row that does not fit its own layout: damage, or written by hand. */
export function decodeBlock(row: BlockRow): SampleBlock | null {
  const layout = layoutSchema.safeParse(parseJson(row.layout));
  if (!layout.success) return null;
  const { gpus, columns } = layout.data;
  const { data } = row;
  const count = data.byteLength / (4 * (columns.length + 1));
  if (!Number.isInteger(count) || count === 0) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const at = new Float64Array(count);
  for (let index = 0; index < count; index++) at[index] = row.start_at + view.getUint32(index * 4, true);
  const values = new Float32Array(count * columns.length);
  for (let index = 0; index < values.length; index++) values[index] = view.getFloat32(4 * (count + index), true);
  return { id: row.id, resolutionMs: row.resolution_ms, gpus, columns, at, values };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Fits no layout, and is treated as that.
    return undefined;
  }
}
