/** Numbers of the value types in the file. */
const ggufValueTypes = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
} as const;

type ScalarType = Exclude<keyof typeof ggufValueTypes, "array">;
type Scalar = number | bigint | boolean | string;

export type GgufValue =
  | { readonly type: ScalarType; readonly value: Scalar }
  | { readonly type: "array"; readonly of: ScalarType; readonly values: readonly Scalar[] };

/** How tensors are stored that the writer knows: number in the file, elements and bytes of a block. */
const tensorTypes = {
  F32: { number: 0, block: 1, bytes: 4 },
  F16: { number: 1, block: 1, bytes: 2 },
  Q4_0: { number: 2, block: 32, bytes: 18 },
  Q8_0: { number: 8, block: 32, bytes: 34 },
  Q4_K: { number: 12, block: 256, bytes: 144 },
} as const;

export interface GgufTensorSpec {
  readonly name: string;
  readonly type: keyof typeof tensorTypes;
  readonly shape: readonly number[];
  /** Stored bytes; absent = zeros. */
  readonly data?: Uint8Array;
}

export interface GgufSpec {
  readonly version?: number;
  readonly metadata: readonly (readonly [key: string, value: GgufValue])[];
  readonly tensors: readonly GgufTensorSpec[];
}

type GgufFieldKind = "magic" | "version" | "count" | "length" | "text" | "type" | "value" | "dimension" | "offset";

/** One field of the header: where it lies, and what it is. */
export interface GgufField {
  readonly kind: GgufFieldKind;
  readonly label: string;
  readonly at: number;
  readonly size: number;
}

export interface EncodedGguf {
  readonly bytes: Buffer;
  readonly fields: readonly GgufField[];
  /** Where the tensor data begins. */
  readonly headerBytes: number;
}

/** Writes what it is told, also nonsense: nothing is checked. */
export function encodeGguf(spec: GgufSpec): EncodedGguf {
  const writer = createFieldWriter();
  writer.put("magic", "magic", Buffer.from("GGUF"));
  writer.u32("version", "version", spec.version ?? 3);
  writer.u64("count", "tensor count", spec.tensors.length);
  writer.u64("count", "key count", spec.metadata.length);
  for (const [key, value] of spec.metadata) putPair(writer, key, value);
  const alignment = alignmentOf(spec);
  const data = putTensors(writer, spec.tensors, alignment);
  const header = writer.finish();
  const padding = Buffer.alloc(padded(header.length, alignment) - header.length);
  return {
    bytes: Buffer.concat([header, padding, ...data]),
    fields: writer.fields,
    headerBytes: header.length + padding.length,
  };
}

interface FieldWriter {
  readonly fields: GgufField[];
  put(kind: GgufFieldKind, label: string, bytes: Buffer): void;
  u32(kind: GgufFieldKind, label: string, value: number): void;
  u64(kind: GgufFieldKind, label: string, value: number | bigint): void;
  text(label: string, text: string): void;
  finish(): Buffer;
}

function createFieldWriter(): FieldWriter {
  const parts: Buffer[] = [];
  const fields: GgufField[] = [];
  let at = 0;
  function put(kind: GgufFieldKind, label: string, bytes: Buffer): void {
    fields.push({ kind, label, at, size: bytes.length });
    parts.push(bytes);
    at += bytes.length;
  }
  function u64(kind: GgufFieldKind, label: string, value: number | bigint): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    put(kind, label, bytes);
  }
  return {
    fields,
    put,
    u64,
    u32(kind, label, value) {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      put(kind, label, bytes);
    },
    text(label, text) {
      const bytes = Buffer.from(text);
      u64("length", `${label} length`, bytes.length);
      put("text", label, bytes);
    },
    finish: () => Buffer.concat(parts),
  };
}

function putPair(writer: FieldWriter, key: string, value: GgufValue): void {
  writer.text(`key ${key}`, key);
  writer.u32("type", `type of ${key}`, ggufValueTypes[value.type]);
  if (value.type !== "array") {
    putScalar(writer, key, value.type, value.value);
    return;
  }
  writer.u32("type", `element type of ${key}`, ggufValueTypes[value.of]);
  writer.u64("count", `count of ${key}`, value.values.length);
  for (const [index, element] of value.values.entries()) putScalar(writer, `${key}[${index}]`, value.of, element);
}

function putScalar(writer: FieldWriter, label: string, type: ScalarType, value: Scalar): void {
  if (type === "string") {
    writer.text(label, String(value));
    return;
  }
  writer.put("value", label, encodeScalar(type, value as number | bigint | boolean));
}

function encodeScalar(type: Exclude<ScalarType, "string">, value: number | bigint | boolean): Buffer {
  const bytes = Buffer.alloc(8);
  switch (type) {
    case "u8":
    case "bool":
      bytes.writeUInt8(Number(value));
      return bytes.subarray(0, 1);
    case "i8":
      bytes.writeInt8(Number(value));
      return bytes.subarray(0, 1);
    case "u16":
      bytes.writeUInt16LE(Number(value));
      return bytes.subarray(0, 2);
    case "i16":
      bytes.writeInt16LE(Number(value));
      return bytes.subarray(0, 2);
    case "u32":
      bytes.writeUInt32LE(Number(value));
      return bytes.subarray(0, 4);
    case "i32":
      bytes.writeInt32LE(Number(value));
      return bytes.subarray(0, 4);
    case "f32":
      bytes.writeFloatLE(Number(value));
      return bytes.subarray(0, 4);
    case "u64":
      bytes.writeBigUInt64LE(BigInt(value));
      return bytes;
    case "i64":
      bytes.writeBigInt64LE(BigInt(value));
      return bytes;
    case "f64":
      bytes.writeDoubleLE(Number(value));
      return bytes;
  }
}

function putTensors(writer: FieldWriter, tensors: readonly GgufTensorSpec[], alignment: number): Buffer[] {
  const data: Buffer[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const type = tensorTypes[tensor.type];
    const size = (tensor.shape.reduce((product, length) => product * length, 1) / type.block) * type.bytes;
    writer.text(`tensor ${tensor.name}`, tensor.name);
    writer.u32("count", `dimensions of ${tensor.name}`, tensor.shape.length);
    for (const [index, length] of tensor.shape.entries()) {
      writer.u64("dimension", `dimension ${index} of ${tensor.name}`, length);
    }
    writer.u32("type", `type of ${tensor.name}`, type.number);
    writer.u64("offset", `offset of ${tensor.name}`, offset);
    const stored = Buffer.alloc(padded(size, alignment));
    if (tensor.data) stored.set(tensor.data);
    data.push(stored);
    offset += stored.length;
  }
  return data;
}

function alignmentOf(spec: GgufSpec): number {
  const entry = spec.metadata.find(([key]) => key === "general.alignment");
  const value = entry && entry[1].type !== "array" ? Number(entry[1].value) : 32;
  // A file that only claims to be laid out like this.
  return value > 0 && value <= 1024 * 1024 ? value : 32;
}

function padded(length: number, alignment: number): number {
  return Math.ceil(length / alignment) * alignment;
}
