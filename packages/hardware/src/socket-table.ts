/** One row of /proc/<pid>/net/{tcp,tcp6,udp,udp6}. */
export interface SocketRow {
  readonly inode: string;
  readonly state: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** Parses one table; `littleEndian` as the machine writes its words (x86 and common ARM do). */
export function parseSocketTable(text: string, littleEndian = true): SocketRow[] {
  const rows: SocketRow[] = [];
  for (const line of text.split("\n").slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [hexAddress, hexPort] = fields[2]?.split(":") ?? [];
    const state = fields[3];
    const inode = fields[9];
    if (!hexAddress || !hexPort || !state || !inode) continue;
    rows.push({
      inode,
      state: Number.parseInt(state, 16),
      remoteAddress: parseAddress(hexAddress, littleEndian),
      remotePort: Number.parseInt(hexPort, 16),
    });
  }
  return rows;
}

/** 8 hex digits = IPv4, 32 = IPv6, in 32-bit words. IPv4 inside IPv6 comes out as IPv4. */
export function parseAddress(hex: string, littleEndian: boolean): string {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    const four = [0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(word + at, word + at + 2), 16));
    bytes.push(...(littleEndian ? four.reverse() : four));
  }
  if (bytes.length === 4) return bytes.join(".");
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return bytes.slice(12).join(".");
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return groups.join(":");
}

const listening = 0x0a;
const closed = 0x07;
const timeWait = 0x06;

/** True for a socket whose other end is another machine. UDP sockets count when they are connected. */
export function isOutbound(row: SocketRow, protocol: "tcp" | "udp"): boolean {
  if (row.remotePort === 0 || isLoopback(row.remoteAddress)) return false;
  return protocol === "udp" || ![listening, closed, timeWait].includes(row.state);
}

export function isLoopback(address: string): boolean {
  if (/^127\./.test(address) || address === "0.0.0.0") return true;
  return address === "0:0:0:0:0:0:0:1" || address === "0:0:0:0:0:0:0:0";
}
