import { constants, deflateRawSync, deflateSync } from "node:zlib";

/** Of one repeated piece, unpacked. */
const pieceSize = 1024 ** 2;
/** Largest prime below 2^16, the checksum's modulus (RFC 1950). */
const modulus = 65_521n;

/** A zlib stream of `mebibytes` times a byte, a thousandth of that long, made without holding what it unpacks to. */
export function flateBomb(mebibytes: number, byte = 0): Buffer {
  // Each piece ends at a whole byte and refers to nothing before it, so that it can stand anywhere and often.
  const piece = deflateRawSync(Buffer.alloc(pieceSize, byte), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const last = Buffer.from([3, 0]);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(checksum(BigInt(mebibytes) * BigInt(pieceSize), BigInt(byte)));
  return Buffer.concat([Buffer.from([0x78, 0xda]), ...Array<Buffer>(mebibytes).fill(piece), last, end]);
}

/** Adler-32 of `length` equal bytes. */
function checksum(length: bigint, byte: bigint): number {
  const first = (1n + length * byte) % modulus;
  const second = (length + (byte * length * (length + 1n)) / 2n) % modulus;
  return Number((second << 16n) | first);
}

/** Packed again and again. */
export function packTimes(data: Uint8Array, times: number): Uint8Array {
  let packed = data;
  for (let time = 0; time < times; time++) packed = deflateSync(packed, { level: 9 });
  return packed;
}
