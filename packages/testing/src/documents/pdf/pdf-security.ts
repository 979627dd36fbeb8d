import { createHash } from "node:crypto";
import { latin, type PdfObjects } from "./pdf-objects.ts";

export interface PdfSecurity {
  encrypt(number: number, data: Buffer): Buffer;
  /** Adds the encryption dictionary; entries for the trailer. */
  trailer(objects: PdfObjects): string;
}

/** Fills passwords up to 32 bytes (ISO 32000-1, 7.6.3.3). */
const padding = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");
const permissions = -4;

/** Revision 2 of the standard handler, RC4 of 40 bits: the oldest there is, and all that tests of a password need. */
export function createRc4Security(userPassword: string): PdfSecurity {
  const identifier = md5(latin("an identifier of this file"));
  const padded = Buffer.concat([latin(userPassword), padding]).subarray(0, 32);
  const owner = rc4(md5(padding).subarray(0, 5), padded);
  const allowed = Buffer.alloc(4);
  allowed.writeInt32LE(permissions);
  const key = md5(Buffer.concat([padded, owner, allowed, identifier])).subarray(0, 5);
  const user = rc4(key, padding);
  return {
    encrypt(number, data) {
      const salt = Buffer.from([number & 255, (number >> 8) & 255, (number >> 16) & 255, 0, 0]);
      return rc4(md5(Buffer.concat([key, salt])).subarray(0, 10), data);
    },
    trailer(objects) {
      const dictionary = objects.add(
        `<< /Filter /Standard /V 1 /R 2 /O <${owner.toString("hex")}> /U <${user.toString("hex")}> /P ${permissions} >>`,
      );
      const id = identifier.toString("hex");
      return `/Encrypt ${dictionary} 0 R /ID [<${id}> <${id}>]`;
    },
  };
}

function md5(data: Buffer): Buffer {
  return createHash("md5").update(data).digest();
}

/** Written out: OpenSSL no longer offers it. */
function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number) => {
    [state[a], state[b]] = [state[b] ?? 0, state[a] ?? 0];
  };
  for (let index = 0, other = 0; index < 256; index++) {
    other = (other + (state[index] ?? 0) + (key[index % key.length] ?? 0)) & 255;
    swap(index, other);
  }
  let [first, second] = [0, 0];
  return Buffer.from(data).map((byte) => {
    first = (first + 1) & 255;
    second = (second + (state[first] ?? 0)) & 255;
    swap(first, second);
    return byte ^ (state[((state[first] ?? 0) + (state[second] ?? 0)) & 255] ?? 0);
  }) as Buffer;
}
