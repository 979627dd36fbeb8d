/** Of a tar archive, POSIX ustar (IEEE Std 1003.1, "pax", ustar Interchange Format). */
export const blockBytes = 512;
export const endBlocks = Buffer.alloc(2 * blockBytes);

/** Octal digits for a size end at 8 GiB; above, GNU tar's form: the first bit set, then a binary number. */
const mostOctal = 8 ** 11;

/** The one header a regular file of this name and size has here: no owner, no time, mode 0644. */
export function tarHeader(name: string, size: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  if (Buffer.byteLength(name) > 100) throw new RangeError("a name in a bundle is at most 100 bytes");
  block.write(name, 0, "utf8");
  block.write("0000644\0", 100, "latin1");
  block.write("0000000\0", 108, "latin1");
  block.write("0000000\0", 116, "latin1");
  writeSize(block, size);
  block.write("00000000000\0", 136, "latin1");
  block.write("        ", 148, "latin1");
  block.write("0", 156, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  block.write(`${sumOf(block).toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** Some archiver's header, by its checksum; anything else is damage. */
export function isHeader(block: Buffer): boolean {
  const claimed = Number.parseInt(block.toString("latin1", 148, 156).split("\0")[0] ?? "", 8);
  const plain = Buffer.from(block).fill(" ", 148, 156);
  return claimed === sumOf(plain);
}

function sumOf(block: Buffer): number {
  return block.reduce((total, byte) => total + byte, 0);
}

function writeSize(block: Buffer, size: number): void {
  if (size < mostOctal) {
    block.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
    return;
  }
  block[124] = 0x80;
  block.writeBigUInt64BE(BigInt(size), 128);
}

export function paddingOf(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

/** What a header claims, for the first entry and to say what is wrong with a header that is not as expected. */
export function describeHeader(block: Buffer): { name: string; size: number; flag: string } {
  const text = (from: number, length: number) =>
    block
      .subarray(from, from + length)
      .toString("utf8")
      .split("\0")[0] ?? "";
  const digits = text(124, 12).trim();
  const prefix = text(345, 155);
  return {
    name: prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    size: /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN,
    flag: text(156, 1),
  };
}
