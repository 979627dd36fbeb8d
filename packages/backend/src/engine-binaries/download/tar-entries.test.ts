import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makeTar, tarMember } from "../test/made-archive.ts";
import { readTar, TarError } from "./tar-entries.ts";

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function names(bytes: Uint8Array, size = 700) {
  const found: string[] = [];
  for await (const { name, size: length, type, body } of readTar(inPieces(bytes, size))) {
    let read = 0;
    if (found.length % 2 === 0) for await (const part of body) read += part.length;
    found.push(`${type} ${name} ${length} ${read}`);
  }
  return found;
}

describe("an archive", () => {
  const tar = makeTar([
    { name: "package/a", content: "hello" },
    { name: "package/b/", flag: "5" },
    { name: "package/c", content: randomBytes(1_024) },
    { name: "x", flag: "g", content: "19 comment=1234567\n" },
    { name: "x", flag: "x", content: "25 path=package/long/name\n".replace("25", "26") },
    { name: "short", content: "z" },
    { name: "package/d", flag: "2" },
  ]);
  test.each([1, 511, 512, 513, 1_000_000])("is read in pieces of %i, bodies read or left", async (size) => {
    expect(await names(tar, size)).toEqual([
      "file package/a 5 5",
      "directory package/b/ 0 0",
      "file package/c 1024 1024",
      "file package/long/name 1 0",
      "other package/d 0 0",
    ]);
  });

  test.each([
    ["nothing", Buffer.alloc(0)],
    ["random bytes", randomBytes(2_048)],
    ["no end", tarMember({ name: "package/a", content: "hello" })],
    ["half a file", tarMember({ name: "package/a", content: randomBytes(5_000) }).subarray(0, 2_000)],
    ["an extended header that counts wrong", makeTar([{ name: "x", flag: "x", content: "99 path=a\n" }])],
    ["an extended header that changes a size", makeTar([{ name: "x", flag: "x", content: "11 size=99\n" }])],
    ["an extended header that is huge", makeTar([{ name: "x", flag: "x", content: randomBytes(70_000) }])],
  ])("with %s is refused", async (_what, bytes) => {
    await expect(names(bytes)).rejects.toThrow(TarError);
  });

  test("a changed header is seen by its checksum", async () => {
    const changed = Buffer.from(tar);
    changed.write("x", 3);
    await expect(names(changed)).rejects.toThrow("checksum");
  });
});
