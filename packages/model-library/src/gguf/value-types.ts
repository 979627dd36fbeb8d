/** Types of metadata values, as numbered in the file. */
export const valueTypes = [
  "u8",
  "i8",
  "u16",
  "i16",
  "u32",
  "i32",
  "f32",
  "bool",
  "string",
  "array",
  "u64",
  "i64",
  "f64",
] as const;

export type ValueType = (typeof valueTypes)[number];
export type FixedType = Exclude<ValueType, "string" | "array">;

export const fixedSizes: Readonly<Record<FixedType, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  bool: 1,
  u64: 8,
  i64: 8,
  f64: 8,
};

export function isFixedType(type: ValueType): type is FixedType {
  return type !== "string" && type !== "array";
}

/** 64-bit integers outside the safe range stay bigint. */
export function decodeFixed(type: FixedType, bytes: Buffer, at: number): number | bigint | boolean {
  switch (type) {
    case "u8":
      return bytes.readUInt8(at);
    case "i8":
      return bytes.readInt8(at);
    case "u16":
      return bytes.readUInt16LE(at);
    case "i16":
      return bytes.readInt16LE(at);
    case "u32":
      return bytes.readUInt32LE(at);
    case "i32":
      return bytes.readInt32LE(at);
    case "f32":
      return bytes.readFloatLE(at);
    case "f64":
      return bytes.readDoubleLE(at);
    case "bool":
      return bytes.readUInt8(at) !== 0;
    case "u64":
      return narrow(bytes.readBigUInt64LE(at));
    case "i64":
      return narrow(bytes.readBigInt64LE(at));
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
