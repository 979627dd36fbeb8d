/** Reads one node of the double array. */
function baseOf(node: number): number {
  return ((node >>> 10) << ((node & (1 << 9)) >>> 6)) >>> 0;
}

const checkMask = 0x8000_00ff;

/**
 * A precompiled character map is a double-array trie over bytes, then zero-terminated replacements. llama.cpp walks it
 * with whatever the user types and ends the process at an index outside: walk everything that can be reached.
 * Returns what is wrong, or null.
 */
export function readCharsmapProblem(charsmap: Buffer): string | null {
  if (charsmap.length < 4) return "too short";
  const trieBytes = charsmap.readUInt32LE(0);
  if (trieBytes + 4 >= charsmap.length || trieBytes % 4 !== 0) return `trie of ${trieBytes} bytes`;
  const nodes = trieBytes / 4;
  if (nodes === 0) return null;
  const replacements = charsmap.subarray(4 + trieBytes);
  const lastEnd = replacements.lastIndexOf(0);
  const node = (index: number): number => charsmap.readUInt32LE(4 + index * 4);
  const visited = new Uint8Array(nodes);
  const pending = [baseOf(node(0))];
  while (pending.length > 0) {
    const state = pending.pop() as number;
    for (let byte = 1; byte < 256; byte++) {
      const index = (state ^ byte) >>> 0;
      if (index >= nodes) return `node ${index} of ${nodes}`;
      const value = node(index);
      if ((value & checkMask) >>> 0 !== byte || visited[index] === 1) continue;
      visited[index] = 1;
      const next = (index ^ baseOf(value)) >>> 0;
      if (((value >>> 8) & 1) === 1) {
        if (next >= nodes) return `node ${next} of ${nodes}`;
        const replacement = node(next) & 0x7fff_ffff;
        if (replacement > lastEnd) return `replacement ${replacement} of ${replacements.length}`;
      }
      pending.push(next);
    }
  }
  return null;
}
