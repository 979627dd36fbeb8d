const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A sortable id: prefix, 48 bits of time in milliseconds, 80 random bits, Crockford base 32 (like a ULID).
 * Ids sort by creation time across processes; order inside one millisecond is random.
 */
export function createId(prefix: string, now: number = Date.now()): string {
  let time = "";
  for (let rest = now, i = 0; i < 10; i++) {
    time = alphabet[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  const random = crypto.getRandomValues(new Uint8Array(16));
  let tail = "";
  for (const byte of random) tail += alphabet[byte % 32];
  return `${prefix}_${time}${tail}`;
}
