import { createHash } from "node:crypto";
import { mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createModelStore } from "@deskside/model-library";
import { encodeGguf, tinyLlama } from "@deskside/testing";
import { expect, test } from "vitest";
import { createSilentLogger } from "../../log/logger.ts";
import { retestCandidates, type RetestDeps } from "./retest-candidates.ts";

async function openShelf(root: string) {
  const store = createModelStore({
    folders: [{ id: "main", path: join(root, "models") }],
    stateFile: join(root, "models.json"),
  });
  /** A process that died while it tried this file leaves it so. */
  async function leaveCandidate(seed: number) {
    const { bytes } = encodeGguf(tinyLlama({ seed }));
    const path = join(await store.downloadsFolder(), `d-${seed}`, "tiny-F32.gguf");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const about = { repo: "maker/tiny", revision: `r${seed}`, source: "hub", licence: null, quantization: "F32" };
    const { model } = await store.adoptAsCandidate({ files: [{ path, sizeBytes: bytes.length, sha256 }], ...about });
    return { id: model.id, sha256 };
  }
  const said: string[] = [];
  const deps = (verdict: { passed: boolean; noRoom?: boolean }, change: Partial<RetestDeps> = {}): RetestDeps => ({
    ...{ store, expected: [], onReplaced: (id) => void said.push(`replaced ${id}`), log: createSilentLogger() },
    onChange: () => void said.push("changed"),
    tryModel: async (path) => {
      said.push(`tried ${path.endsWith("tiny-F32.gguf")}`);
      const noRoom = verdict.noRoom ?? false;
      return { model: "", at: 1, step: null, detail: "", loadMs: 1, tokensPerSecond: 1, ...verdict, noRoom };
    },
    ...change,
  });
  const states = async (id: string) => (await store.get(id)).versions.map(({ state, sha256 }) => `${state} ${sha256}`);
  return { store, leaveCandidate, deps, states, said };
}

const shelf = async () => {
  const folder = await mkdtempDisposable(join(tmpdir(), "deskside-retest-"));
  return { ...(await openShelf(folder.path)), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
};
const signal = new AbortController().signal;

test("one that passes is used, also when it replaces the version before", async () => {
  await using made = await shelf();
  const { leaveCandidate, deps, states, said } = made;
  const first = await leaveCandidate(1);
  expect(await states(first.id)).toEqual([`candidate ${first.sha256}`]);
  await retestCandidates(deps({ passed: true }), signal);
  expect(await states(first.id)).toEqual([`current ${first.sha256}`]);
  const second = await leaveCandidate(2);
  await retestCandidates(deps({ passed: true }), signal);
  expect(await states(first.id)).toEqual([`current ${second.sha256}`, `previous ${first.sha256}`]);
  expect(said).toEqual(["tried true", "changed", "tried true", `replaced ${first.id}`, "changed"]);
});

test("one that fails goes to the trash, and what works stays", async () => {
  await using made = await shelf();
  const { store, leaveCandidate, deps, states } = made;
  const first = await leaveCandidate(1);
  await retestCandidates(deps({ passed: false, noRoom: true }), signal);
  expect(await states(first.id)).toEqual([`current ${first.sha256}`]);
  await leaveCandidate(2);
  await retestCandidates(deps({ passed: false, noRoom: true }), signal);
  expect(await states(first.id)).toEqual([`current ${first.sha256}`]);
  expect(await store.trash()).toHaveLength(1);
});

test("one that a download goes on with, or that cannot be tried now, is left as it is", async () => {
  await using made = await shelf();
  const { leaveCandidate, deps, states, said } = made;
  const left = await leaveCandidate(1);
  await retestCandidates(deps({ passed: true }, { expected: [[{ sha256: left.sha256, sizeBytes: 1 }]] }), signal);
  expect(said).toEqual([]);
  const broken = { tryModel: () => Promise.reject(new Error("no engine")) };
  await retestCandidates(deps({ passed: true }, broken), signal);
  expect(await states(left.id)).toEqual([`candidate ${left.sha256}`]);
});
