/** Address and port as in `/proc/net/tcp`: `0100007F:1F90`. Null when it is not one. */
export interface SocketAddress {
  /** Dotted IPv4, or IPv6 as RFC 5952 writes it; an IPv4 address mapped into IPv6 comes out as IPv4. */
  readonly address: string;
  readonly port: number;
}

export type Endianness = "LE" | "BE";

/**
 * The kernel prints each 32-bit word of an address, which lies in memory in network order, as a number of the machine:
 * bytes are reversed on little-endian machines (x86, ARM) and in order on big-endian ones (s390x). The port is a number.
 */
export function parseSocketAddress(text: string, endianness: Endianness): SocketAddress | null {
  const [hex, portHex] = text.split(":");
  if (hex === undefined || portHex === undefined || !/^[0-9a-fA-F]{4}$/.test(portHex)) return null;
  if (!/^(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{32})$/.test(hex)) return null;
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    const four = [0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(word + at, word + at + 2), 16));
    bytes.push(...(endianness === "LE" ? four.reverse() : four));
  }
  return { address: formatAddress(bytes), port: Number.parseInt(portHex, 16) };
}

function formatAddress(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join(".");
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return compressZeros(groups);
}

/** The longest run of at least two zero groups becomes `::`; of equal ones the first. */
function compressZeros(groups: readonly string[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === "0") length++;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

/** An address that no packet to another machine can have: this machine talking to itself. */
export function isLoopback(address: string): boolean {
  return address === "::1" || /^127\.\d+\.\d+\.\d+$/.test(address);
}

/** What a socket without a peer has for one. */
export function isUnspecified(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}
