import { crc32, deflateRawSync } from "node:zlib";

/** A part of an archive. What is left out is written truthfully. */
export interface ZipPart {
  readonly name: string;
  readonly content: Uint8Array | string;
  /** Bytes as they stand in the archive, when they were packed before: `content` is not packed then. */
  readonly packed?: Uint8Array;
  /** Stored without packing. */
  readonly isStored?: boolean;
  /** Unpacked size as both headers tell it. */
  readonly saysSize?: number;
  readonly isEncrypted?: boolean;
  readonly method?: number;
}

interface Written {
  readonly part: ZipPart;
  readonly offset: number;
  readonly packedSize: number;
  readonly size: number;
  readonly crc: number;
  readonly method: number;
}

/** A ZIP archive, by the book unless a part lies. The same parts give the same bytes in every run. */
export function buildZip(parts: readonly ZipPart[]): Buffer {
  const chunks: Buffer[] = [];
  const written: Written[] = [];
  let offset = 0;
  for (const part of parts) {
    const content = Buffer.from(part.content as Uint8Array);
    const packed = part.packed ?? (part.isStored ? content : deflateRawSync(content));
    const method = part.method ?? (part.isStored ? 0 : 8);
    const entry = {
      ...{ part, offset, method, packedSize: packed.length },
      ...{ size: part.saysSize ?? content.length, crc: crc32(content) },
    };
    const local = Buffer.concat([localHeader(entry), packed]);
    chunks.push(local);
    written.push(entry);
    offset += local.length;
  }
  const directory = written.map(centralHeader);
  return Buffer.concat([
    ...chunks,
    ...directory,
    endOfDirectory(written.length, Buffer.concat(directory).length, offset),
  ]);
}

/** One packed stretch under many names: small to keep, enormous to unpack. */
export function buildOverlappingZip(names: readonly string[], content: Uint8Array): Buffer {
  const packed = deflateRawSync(content);
  const entries = names.map((name) => ({
    ...{ part: { name, content }, offset: 0, packedSize: packed.length, size: content.length, crc: crc32(content) },
    method: 8,
  }));
  const [first] = entries;
  if (first === undefined) throw new Error("An overlapping archive needs a name.");
  const local = Buffer.concat([localHeader(first), packed]);
  const directory = entries.map(centralHeader);
  const end = endOfDirectory(entries.length, Buffer.concat(directory).length, local.length);
  return Buffer.concat([local, ...directory, end]);
}

/** Fields that both headers share, from "version needed" on. */
function sharedFields({ part, packedSize, size, crc, method }: Written): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x0800 | (part.isEncrypted ? 1 : 0), 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(packedSize, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(Buffer.byteLength(part.name), 22);
  return fields;
}

function localHeader(entry: Written): Buffer {
  return Buffer.concat([Buffer.from("PK\x03\x04"), sharedFields(entry), Buffer.from(entry.part.name)]);
}

function centralHeader(entry: Written): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(entry.offset, 10);
  return Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), sharedFields(entry), rest, Buffer.from(entry.part.name)]);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count & 0xffff, 4);
  end.writeUInt16LE(count & 0xffff, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([Buffer.from("PK\x05\x06"), end]);
}
