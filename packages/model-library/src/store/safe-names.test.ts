import { readdir, stat } from "node:fs/promises";
import { join, resolve, sep, win32 } from "node:path";
import { expect, test } from "vitest";
import { freeId, modelIdOf, safeFileName } from "./safe-names.ts";
import { modelIdPattern } from "./store-schemas.ts";
import { createStoreFixture, describeFile } from "./test/store-fixture.ts";

/** Traversal, UNC, streams, devices, NUL, reading direction, length, case, normalisation: over 300 of them. */
function hostileNames(): string[] {
  const cores = [
    "model.gguf",
    "x",
    "",
    " ",
    "con",
    "NUL.gguf",
    "aux.tar.gguf",
    "COM1",
    "lpt9.gguf",
    "CONIN$",
    "com¹.gguf",
  ];
  const around: ((core: string) => string)[] = [
    (core) => `../${core}`,
    (core) => `..\\..\\${core}`,
    (core) => `/etc/${core}`,
    (core) => `C:\\Windows\\${core}`,
    (core) => `C:${core}`,
    (core) => `\\\\server\\share\\${core}`,
    (core) => `//server/share/${core}`,
    (core) => `\\\\?\\C:\\${core}`,
    (core) => `${core}:stream`,
    (core) => `${core}::$DATA`,
    (core) => `${core}\0.gguf`,
    (core) => `\0${core}`,
    (core) => `${core}.`,
    (core) => `${core} `,
    (core) => ` .${core}`,
    (core) => `....${core}`,
    (core) => `${core}/`,
    (core) => `${core}/..`,
    (core) => `${core}/.`,
    (core) => `%2e%2e%2f${core}`,
    (core) => `..%c0%af${core}`,
    (core) => `..／${core}`,
    (core) => `${core}\n${core}`,
    (core) => `\u202e${core}`,
    (core) => `\ufeff${core}\u200b`,
    (core) => `\ud800${core}`,
    (core) => `<${core}>|?*"`,
    (core) => "模".repeat(300) + core,
    (core) => `${"e\u0301".repeat(150)}${core}`,
  ];
  return around.flatMap((change) => cores.map(change));
}

test("300 hostile names become one plain name each, on every system", () => {
  const names = hostileNames();
  expect(names.length).toBeGreaterThanOrEqual(300);
  for (const wanted of names) {
    const name = safeFileName(wanted);
    expect(name, wanted).not.toMatch(/[<>:"/\\|?*\p{Cc}\u202e\ufeff\u200b]/u);
    expect(name, wanted).not.toMatch(/^\.|[. ]$/);
    expect(name, wanted).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
    expect(Buffer.byteLength(name), wanted).toBeLessThanOrEqual(220);
    expect(name.isWellFormed() && name === name.normalize("NFC") && name !== "", wanted).toBe(true);
    for (const root of ["/models", "C:\\models"]) {
      const path = root.startsWith("C") ? win32.resolve(root, name) : resolve(root, name);
      expect(path.slice(0, root.length + 1), wanted).toBe(`${root}${root.startsWith("C") ? "\\" : "/"}`);
    }
    expect(safeFileName(name), "stable").toBe(name);
  }
});

test("ordinary names stay what they are, also Chinese ones, and parts keep their numbers", () => {
  for (const name of ["Qwen2.5-7B-Instruct-Q4_K_M.gguf", "深度求索-7B.gguf", "a b.gguf", "x-00001-of-00002.gguf"]) {
    expect(safeFileName(name)).toBe(name);
  }
  expect(safeFileName(`${"long".repeat(90)}-00002-of-00003.gguf`)).toMatch(/-00002-of-00003\.gguf$/);
});

test("hostile repositories, quantizations and names stay inside the store", async () => {
  await using fixture = await createStoreFixture();
  const store = fixture.open();
  const names = hostileNames();
  // Each eleventh on the disk; all of them as ids below.
  for (const [index, name] of names.entries()) {
    if (index % 11 !== 0) continue;
    const file = await fixture.downloaded("f.gguf", index);
    const other = names[(index * 7) % names.length] ?? "";
    await store.adopt(
      await fixture.adoption(1, {
        files: [{ ...file, name }],
        repo: name,
        quantization: other.slice(0, 60),
        name: other,
      }),
    );
  }
  for (const name of await readdir(fixture.fast)) expect(name).toMatch(/^(?:\.deskside|[a-z0-9][a-z0-9.-]*)$/);
  expect((await readdir(fixture.root)).sort()).toEqual(["big", "downloads", "fast", "state"]);
  for (const { versions } of await store.list()) {
    for (const path of versions.flatMap(({ paths }) => paths)) {
      expect(resolve(path).startsWith(fixture.fast + sep)).toBe(true);
      expect((await stat(path)).isFile()).toBe(true);
    }
  }
  expect((await fixture.open().list()).length).toBe(Math.ceil(names.length / 11));
});

test("ids are stable, safe and told apart", () => {
  for (const name of hostileNames()) {
    const id = modelIdOf(name, name.slice(0, 10));
    expect(id).toMatch(modelIdPattern);
    expect(id).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/);
    expect(modelIdOf(name, name.slice(0, 10))).toBe(id);
  }
  expect(modelIdOf("unsloth/DeepSeek-R1-Distill-Qwen-7B-GGUF", "Q4_K_M")).toBe("deepseek-r1-distill-qwen-7b-q4-k-m");
  expect(modelIdOf("a/模型一", "Q4_0")).not.toBe(modelIdOf("a/模型二", "Q4_0"));
  const long = "x".repeat(100);
  expect(modelIdOf(`a/${long}1`, "Q4_0")).not.toBe(modelIdOf(`a/${long}2`, "Q4_0"));
  expect(modelIdOf("a/m-Q4_0.gguf", "Q4_0")).toBe("m-q4-0");
  const taken = new Set(["m", "m-2"]);
  expect(freeId("m", (id) => taken.has(id))).toBe("m-3");
});

test("two files whose safe names are the same are not written over each other", async () => {
  await using fixture = await createStoreFixture();
  const one = await fixture.downloaded("one.gguf", 1);
  const two = await fixture.downloaded("two.gguf", 2);
  const files = [
    { ...one, name: "a/x.gguf" },
    { ...two, name: "b\\X.gguf" },
  ];
  const refused = fixture.open().adopt(await fixture.adoption(3, { files }));
  await expect(refused).rejects.toMatchObject({ code: "MODEL_NOT_READABLE" });
  expect((await describeFile(join(fixture.root, "downloads", "one.gguf"))).sha256).toBe(one.sha256);
});
