import { crc32 } from "node:zlib";
import type { ZipFile } from "./open-zip.ts";

/**
 * The parts of an archive that a library may see, unpacked under the limits of `openZip` and stored as they are: a library
 * that unpacks by itself would trust the sizes in the headers. Layout: APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
export function repackZip(zip: ZipFile, isWanted: (name: string) => boolean): Uint8Array {
  const names = zip.names.filter(isWanted);
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const name of names) {
    const content = zip.read(name);
    const encoded = Buffer.from(name);
    const shared = sharedFields(content, encoded.length);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), shared, encoded]);
    // Version made by, then the shared fields; comment, disk and attributes are empty.
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), shared, rest, encoded]));
    chunks.push(local, content);
    offset += local.length + content.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...chunks, central, end]);
}

/** Fields that both headers share, from "version needed" to the length of the extra field. Names are UTF-8, nothing is packed. */
function sharedFields(content: Uint8Array, nameLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x0800, 2);
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(nameLength, 22);
  return fields;
}
