import { expect, test } from "vitest";
import { readCharsmapProblem } from "./charsmap-check.ts";

const leaf = 1 << 8;

/** A map that knows one rule: "A" becomes the replacement at `replacement`. */
function charsmap(
  options: { nodes?: number; base?: number; replacement?: number; replacements?: string } = {},
): Buffer {
  const { nodes = 512, base = 256, replacement = 0, replacements = "a\0" } = options;
  const trie = new Uint32Array(nodes);
  trie[0] = base << 10;
  const letter = 256 ^ 0x41;
  // From the letter's node to the one that holds the replacement: node 256.
  trie[letter] = (((letter ^ 256) << 10) | leaf | 0x41) >>> 0;
  trie[256] = (0x8000_0000 | replacement) >>> 0;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(nodes * 4);
  return Buffer.concat([size, Buffer.from(trie.buffer), Buffer.from(replacements)]);
}

test("a sound map has no problem", () => {
  expect(readCharsmapProblem(charsmap())).toBeNull();
});

test("a state whose children lie outside is found before somebody types that character", () => {
  expect(readCharsmapProblem(charsmap({ base: 700 }))).toMatch(/^node \d+ of 512$/);
});

test("a replacement outside, and one without an end, are found", () => {
  expect(readCharsmapProblem(charsmap({ replacement: 9 }))).toBe("replacement 9 of 2");
  expect(readCharsmapProblem(charsmap({ replacements: "a" }))).toBe("replacement 0 of 1");
});

test("sizes that do not fit are found", () => {
  expect(readCharsmapProblem(Buffer.alloc(3))).toBe("too short");
  const claims = charsmap();
  claims.writeUInt32LE(2 ** 31, 0);
  expect(readCharsmapProblem(claims)).toBe("trie of 2147483648 bytes");
});

test("a loop of states ends", () => {
  const looping = charsmap();
  // The letter leads back to the state it came from.
  looping.writeUInt32LE((((256 ^ 0x41 ^ 256) << 10) | 0x41) >>> 0, 4 + (256 ^ 0x41) * 4);
  expect(readCharsmapProblem(looping)).toBeNull();
});
