import { createDecipheriv, createHmac, createSecretKey, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import type { FileKey } from "../driver/key-derivation.ts";

export const pageSize = 4096;
/** What SQLite uses of a page; the rest holds the initialisation vector and the authentication code. */
export const usableSize = pageSize - 80;

const saltLength = 16;
const ivLength = 16;

export interface PageCipher {
  /** Whether the encrypted page is, byte for byte, what was written as page `number` under this key. */
  verify(page: Buffer, number: number): boolean;
  /** The usable bytes of a verified page; the first 16 of page 1 are zero. */
  decrypt(page: Buffer, number: number): Buffer;
}

/**
 * Reads single pages of a SQLCipher 4 file without SQLite, which gives up a whole file for one damaged page. Only for
 * repair; the layout is fixed by that format: ciphertext, IV, HMAC-SHA512 over both and the page number.
 */
export function createPageCipher(key: FileKey): PageCipher {
  const macSalt = Buffer.from(key.salt.map((byte) => byte ^ 0x3a));
  // Key objects, because turning bytes into one takes longer than a page.
  const macKey = createSecretKey(pbkdf2Sync(key.cipherKey, macSalt, 2, 32, "sha512"));
  const cipherKey = createSecretKey(key.cipherKey);
  // Page 1 starts with the salt, which is neither encrypted nor authenticated. Ours is known.
  const start = (number: number) => (number === 1 ? saltLength : 0);
  return {
    verify: (page, number) => {
      if (page.length !== pageSize) return false;
      const pageNumber = Buffer.alloc(4);
      pageNumber.writeUInt32LE(number);
      const body = page.subarray(start(number), usableSize + ivLength);
      const expected = createHmac("sha512", macKey).update(body).update(pageNumber).digest();
      return timingSafeEqual(expected, page.subarray(usableSize + ivLength));
    },
    decrypt: (page, number) => {
      const iv = page.subarray(usableSize, usableSize + ivLength);
      const decipher = createDecipheriv("aes-256-cbc", cipherKey, iv).setAutoPadding(false);
      const body = page.subarray(start(number), usableSize);
      return Buffer.concat([Buffer.alloc(start(number)), decipher.update(body), decipher.final()]);
    },
  };
}
