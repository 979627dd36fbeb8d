import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KnowledgeStore, openKnowledge } from "@deskside/storage";
import type { Passage } from "../../chunk/passage.ts";
import { createEmbeddedIndex } from "../embedded/embedded-index.ts";
import type { PassageIndex } from "../passage-index.ts";

export const testKey = new Uint8Array(32).map((_, index) => index * 7 + 3);
export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface TestIndex extends AsyncDisposable {
  readonly index: PassageIndex;
  readonly store: KnowledgeStore;
  /** As after a restart. */
  reopen(): Promise<void>;
}

export async function openTestIndex(): Promise<TestIndex> {
  const dataDir = mkdtempSync(join(tmpdir(), "deskside-index-test-"));
  const open = () => openKnowledge({ dataDir, dataKey: testKey, log: silentLog });
  let store = open();
  let index = createEmbeddedIndex(store);
  return {
    get index() {
      return index;
    },
    get store() {
      return store;
    },
    reopen: async () => {
      await index.close();
      store = open();
      index = createEmbeddedIndex(store);
    },
    [Symbol.asyncDispose]: async () => {
      await index.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function passagesOf(texts: readonly string[]): Passage[] {
  return texts.map((text, index) => ({
    ...{ index, text, tokens: text.length, kind: "text" as const },
    context: { title: "", sections: [] },
    spans: [{ start: 0, end: text.length, place: { kind: "lines" as const, from: index + 1, to: index + 1 } }],
  }));
}

/** A fixed direction for each text: its words' directions together, and a common one, as real models have. */
export function vectorOf(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions).fill(1);
  for (const word of text.split(" ")) {
    let state = [...word].reduce((sum, char) => Math.imul(sum ^ (char.codePointAt(0) ?? 0), 16_777_619), 2_166_136_261);
    for (let at = 0; at < dimensions; at++) {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
      vector[at] = (vector[at] ?? 0) + ((state >>> 8) / 2 ** 23 - 1);
    }
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
