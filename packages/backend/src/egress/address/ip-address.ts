import { isIPv4, isIPv6 } from "node:net";

/** 4 or 16 bytes in network order; null for everything else, also for an address with a zone (`fe80::1%eth0`). */
export function parseIpAddress(text: string): readonly number[] | null {
  if (isIPv4(text)) return text.split(".").map(Number);
  if (!isIPv6(text) || text.includes("%")) return null;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const [head, lastFour] = tail ? [`${tail[1]}0:0`, (tail[2] ?? "").split(".").map(Number)] : [text, null];
  const [left = "", right] = head.split("::");
  const before = groupsOf(left);
  const after = right === undefined ? [] : groupsOf(right);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  const bytes = [...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 255]);
  return lastFour ? [...bytes.slice(0, 12), ...lastFour] : bytes;
}

function groupsOf(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

/** A network in the usual notation: `10.0.0.0/8`, `fc00::/7`. */
export interface Network {
  readonly bytes: readonly number[];
  readonly bits: number;
}

export function parseNetwork(text: string): Network {
  const [address = "", bits = ""] = text.split("/");
  const bytes = parseIpAddress(address);
  if (!bytes || !/^\d+$/.test(bits)) throw new Error(`not a network: ${text}`);
  return { bytes, bits: Number(bits) };
}

export function isInNetwork(address: readonly number[], { bytes, bits }: Network): boolean {
  if (address.length !== bytes.length) return false;
  for (let index = 0, left = bits; left > 0; index++, left -= 8) {
    const mask = left >= 8 ? 255 : (255 << (8 - left)) & 255;
    if (((address[index] ?? 0) & mask) !== ((bytes[index] ?? 0) & mask)) return false;
  }
  return true;
}
