import type { GgufFailures } from "./gguf-failures.ts";
import { ggufLimits } from "./gguf-limits.ts";
import type { HeaderReader } from "./header-reader.ts";
import { isPlainName } from "./metadata-reader.ts";
import { type TensorType, tensorTypes } from "./tensor-types.ts";

export interface GgufTensor {
  readonly name: string;
  readonly type: string;
  /** Elements per dimension, the contiguous one first. */
  readonly shape: readonly number[];
  readonly elements: number;
  readonly bytes: number;
  /** From the start of the tensor data. */
  readonly offset: number;
}

export interface TensorTable {
  readonly tensors: readonly GgufTensor[];
  /** Byte offset in the file where the tensor data begins. */
  readonly dataStart: number;
  readonly dataBytes: number;
}

/** llama.cpp maps the file and wants every tensor at a multiple of this. */
const nativeAlignment = 32;

/** Reads the tensor list and checks that the tensors lie one behind the other and inside the file. */
export async function readTensorTable(
  reader: HeaderReader,
  failures: GgufFailures,
  count: number,
  alignment: number,
): Promise<TensorTable> {
  const tensors: GgufTensor[] = [];
  const names = new Set<string>();
  let expectedOffset = 0;
  let dataBytes = 0;
  for (let index = 0; index < count; index++) {
    const at = reader.position;
    const tensor = await readTensor(reader, failures);
    if (names.has(tensor.name)) throw failures.invalid("duplicate-key", at, `tensor ${tensor.name}`);
    names.add(tensor.name);
    if (tensor.offset !== expectedOffset) {
      throw failures.invalid("bad-offset", at, `${tensor.name} at ${tensor.offset}, expected ${expectedOffset}`);
    }
    dataBytes = tensor.offset + tensor.bytes;
    expectedOffset = alignUp(dataBytes, alignment);
    if (!Number.isSafeInteger(expectedOffset))
      throw failures.invalid("bad-dimensions", at, `${tensor.name} is too large`);
    tensors.push(tensor);
  }
  const dataStart = alignUp(reader.position, alignment);
  checkNativeAlignment(tensors, dataStart, failures);
  const end = dataStart + dataBytes;
  if (count > 0 && end > reader.fileBytes) throw failures.truncated(end, reader.fileBytes);
  return { tensors, dataStart, dataBytes };
}

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

function checkNativeAlignment(tensors: readonly GgufTensor[], dataStart: number, failures: GgufFailures): void {
  const odd = tensors.find((tensor) => (dataStart + tensor.offset) % nativeAlignment !== 0);
  if (odd) throw failures.invalid("bad-alignment", dataStart + odd.offset, `${odd.name} is not 32-byte aligned`);
}

async function readTensor(reader: HeaderReader, failures: GgufFailures): Promise<GgufTensor> {
  const at = reader.position;
  if (!reader.has(8)) await reader.load(8);
  const length = reader.u64();
  if (length === 0 || length >= ggufLimits.tensorNameBytes) {
    throw failures.invalid("string-out-of-range", at, `tensor name of ${length} bytes`);
  }
  if (!reader.has(length + 4)) await reader.load(length + 4);
  const nameBytes = reader.bytes(length);
  if (!isPlainName(nameBytes)) throw failures.invalid("bad-text", at, "tensor name is not plain UTF-8 text");
  const name = nameBytes.toString("utf8");
  const dimensions = reader.u32();
  if (dimensions === 0 || dimensions > ggufLimits.dimensions) {
    throw failures.invalid("bad-dimensions", at, `${name} has ${dimensions} dimensions`);
  }
  const rest = dimensions * 8 + 4 + 8;
  if (!reader.has(rest)) await reader.load(rest);
  const shape: number[] = [];
  let elements = 1;
  for (let index = 0; index < dimensions; index++) {
    const size = reader.u64();
    elements *= size;
    shape.push(size);
    // A double product of integers cannot come back below the limit once it passed it.
    if (size < 1 || elements > Number.MAX_SAFE_INTEGER) {
      throw failures.invalid("bad-dimensions", at, `${name} is ${shape.join(" × ")}`);
    }
  }
  const typeNumber = reader.u32();
  const type = tensorTypes.get(typeNumber);
  if (!type) throw failures.invalid("unknown-tensor-type", at, `${name} has type ${typeNumber}`);
  const bytes = storedBytes(type, shape, elements);
  if (bytes === null) throw failures.invalid("bad-dimensions", at, `${name} is ${shape.join(" × ")} of ${type.name}`);
  const offset = reader.u64();
  checkWeightType(name, type, dimensions, at, failures);
  return { name, type: type.name, shape, elements, bytes, offset };
}

/** Null when the rows do not divide into blocks or the size cannot be counted. */
function storedBytes(type: TensorType, shape: readonly number[], elements: number): number | null {
  if ((shape[0] as number) % type.block !== 0) return null;
  const bytes = (elements / type.block) * type.bytes;
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** llama.cpp trusts these and aborts in the middle of the first computation. */
function checkWeightType(name: string, type: TensorType, dimensions: number, at: number, failures: GgufFailures): void {
  const mustBeF32 = /(?:^|[._])norm\d?\.(?:weight|bias)$/.test(name) || name.endsWith(".bias");
  if (mustBeF32 && type.name !== "F32") {
    throw failures.invalid("unknown-tensor-type", at, `${name} is ${type.name}, must be F32`);
  }
  const isLookupTable = /tid2eid|d2t|t2d/.test(name);
  if (dimensions >= 2 && !type.weights && !isLookupTable) {
    throw failures.invalid("unknown-tensor-type", at, `${name} is ${type.name}`);
  }
}
