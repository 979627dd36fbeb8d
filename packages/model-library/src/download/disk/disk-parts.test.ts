import { mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@deskside/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAllowedAt } from "../allowed-hours.ts";
import { sha256Of } from "../test/download-fixture.ts";
import { createJournal, openJournals } from "./download-journal.ts";
import { createHashFollower } from "./hash-follower.ts";
import { openPartFile } from "./part-file.ts";
import { safeJoin, unsafePathReason } from "./safe-path.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskside-journal-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const request = {
  id: "d1",
  targetFolder: "/models",
  files: [{ path: "m.gguf", sizeBytes: 1000, sha256: null, sources: [{ url: "http://hub/m", name: "hub" }] }],
};

async function writeSome(isForced: boolean): Promise<string> {
  await using journal = await createJournal(folder, "boot-1", request, 0);
  await using part = await openPartFile({ path: join(folder, "0.part"), journal, index: 0, clock: systemClock });
  part.noteOrigin("hub", '"etag"');
  await part.write(0, Buffer.alloc(300, 1));
  if (isForced) await part.sync();
  await part.write(500, Buffer.alloc(100, 2));
  return join(folder, "d1.download.jsonl");
}

async function doneAfter(bootId: string) {
  const [journal] = await openJournals(folder, bootId);
  await journal?.[Symbol.asyncDispose]();
  return journal?.record.files[0]?.done;
}

describe("the journal", () => {
  test("keeps everything that was written as long as the system runs on", async () => {
    await writeSome(false);
    expect(await doneAfter("boot-1")).toEqual([
      [0, 300],
      [500, 600],
    ]);
  });
  test("after a power loss keeps only what was forced to the disk", async () => {
    await writeSome(true);
    expect(await doneAfter("boot-2")).toEqual([[0, 300]]);
    // And what was lost does not come back by being opened twice.
    expect(await doneAfter("boot-2")).toEqual([[0, 300]]);
  });
  test("that was torn anywhere says no more than is there, and opens again", async () => {
    const path = await writeSome(true);
    const whole = await readFile(path);
    for (let length = 0; length <= whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      const done = (await doneAfter("boot-1")) ?? [];
      for (const [start, end] of done) expect(start === 0 ? end <= 300 : start >= 500 && end <= 600).toBe(true);
    }
  });
  test.each([
    ["a range that ends before it starts", { written: [[5, 1]] }],
    ["a number that is none", { written: [[0, "9"]] }],
    ["a fraction", { written: [[0.5, 9]] }],
  ])("that says %s is believed up to there", async (_what, change) => {
    const path = await writeSome(false);
    const line = { t: "bytes", file: 0, synced: [], sources: [], validator: null, ...change };
    await writeFile(path, `${await readFile(path, "utf8")}${JSON.stringify(line)}\n`);
    expect(await doneAfter("boot-1")).toEqual([
      [0, 300],
      [500, 600],
    ]);
  });
  test("claims nothing beyond the end of a part file that lost its end", async () => {
    await writeSome(true);
    await truncate(join(folder, "0.part"), 250);
    const [journal] = await openJournals(folder, "boot-1");
    if (!journal) throw new Error("no journal");
    await using part = await openPartFile({ path: join(folder, "0.part"), journal, index: 0, clock: systemClock });
    expect(part.done.missing(0, 1000)).toEqual([[250, 1000]]);
    await journal[Symbol.asyncDispose]();
  });
});

test.skipIf(process.platform !== "linux")(
  "a full disk is named as such, and what is not written is not claimed",
  async () => {
    await using journal = await createJournal(folder, "boot-1", request, 0);
    // Every write to it fails with ENOSPC.
    await using part = await openPartFile({ path: "/dev/full", journal, index: 0, clock: systemClock });
    await expect(part.write(0, Buffer.alloc(10))).rejects.toMatchObject({
      code: "DOWNLOAD_NO_SPACE",
      data: { path: "/dev/full", neededBytes: 10 },
    });
    expect(part.done.bytes).toBe(0);
  },
);

test("a part file is never written through a link", async () => {
  const victim = join(folder, "victim");
  await writeFile(victim, "precious");
  await symlink(victim, join(folder, "0.part"));
  await using journal = await createJournal(folder, "boot-1", request, 0);
  const opening = openPartFile({ path: join(folder, "0.part"), journal, index: 0, clock: systemClock });
  await expect(opening).rejects.toMatchObject({ code: "MODEL_FOLDER_UNUSABLE" });
  expect(await readFile(victim, "utf8")).toBe("precious");
});

describe("hashing behind the writer", () => {
  test("gives the hash of the whole, however it grew", async () => {
    const bytes = Buffer.from(Array.from({ length: 9_000_000 }, (_, index) => (index * 7) % 251));
    const path = join(folder, "f");
    await writeFile(path, bytes);
    using follower = createHashFollower(path);
    for (const end of [1, 5_000_000, 5_000_001, 8_999_999]) follower.advance(end);
    expect(await follower.finish(bytes.length, new AbortController().signal)).toBe(sha256Of(bytes));
  });
  test("says when the file is shorter than was said", async () => {
    await writeFile(join(folder, "f"), "abc");
    using follower = createHashFollower(join(folder, "f"));
    await expect(follower.finish(4, new AbortController().signal)).rejects.toThrow("shorter");
  });
});

describe("names from hubs", () => {
  test.each(["m.gguf", "Q4_K_M/m-00001-of-00002.gguf", "模型.gguf", "a b (1).gguf", "console.gguf", "com10.gguf"])(
    "%j is fine",
    (path) => {
      expect(unsafePathReason(path)).toBeNull();
      expect(safeJoin("/models", path)).toBe(join("/models", path));
    },
  );
  test.each([
    ...["", ".", "..", "../a", "a/..", "a//b", "/a", "a/", "\\a", "a\\..\\b", "C:a", "C:/a", "//host/share", "a\0b"],
    ...["con", "CON.gguf", "a/nul", "aux.tar.gz", "COM1", "lpt9.x", "com¹.gguf", "conin$", "prn .txt"],
    ...["a.", "a ", " a", "a./b", ".hidden", "a/.git/b", "a\nb", "a|b", "a?b", "a*b", 'a"b', "a<b", "\ud800"],
    ...["x".repeat(300), "y/".repeat(600) + "z"],
  ])("%j is refused", (path) => {
    expect(unsafePathReason(path)).not.toBeNull();
    expect(() => safeJoin("/models", path)).toThrow("MODEL_FOLDER_UNUSABLE");
  });
});

test.each([
  [null, 12, true],
  [[], 12, false],
  [[{ from: 600, to: 780 }], 12, true],
  [[{ from: 600, to: 720 }], 12, false],
  [[{ from: 1320, to: 360 }], 23, true],
  [[{ from: 1320, to: 360 }], 5, true],
  [[{ from: 1320, to: 360 }], 6, false],
  [[{ from: 0, to: 1440 }], 3, true],
])("the hours %j at %i o'clock: %j", (schedule, hour, allowed) => {
  expect(isAllowedAt(schedule, new Date(2026, 0, 1, hour, 0))).toBe(allowed);
});
