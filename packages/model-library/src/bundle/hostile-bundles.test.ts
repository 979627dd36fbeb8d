import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DesksideError, isDesksideError } from "@deskside/base";
import { createSeededRandom } from "@deskside/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBundleSigner } from "./bundle-signature.ts";
import { type BundleFixture, createBundleFixture } from "./test/bundle-fixture.ts";
import { addEntry, archiverHeader, type LooseBundle, putTogether, takeApart } from "./test/hostile-bundles.ts";

let fixture: BundleFixture;
let good: Buffer;
beforeAll(async () => {
  fixture = await createBundleFixture();
  good = await readFile(fixture.path);
});
afterAll(async () => await fixture[Symbol.asyncDispose]());

/** `CODE` or `CODE reason`; fails when it is accepted, or when anything is left behind. */
async function refusalOf(bytes: Buffer): Promise<string> {
  const path = join(fixture.root, "hostile.deskside-bundle");
  await writeFile(path, bytes);
  const refused = await refusedBy(path);
  expect(await fixture.store.list()).toEqual([]);
  expect(await readdir(join(fixture.modelsFolder, ".deskside", "staging")).catch(() => [])).toEqual([]);
  const { reason } = refused.data;
  return typeof reason === "string" ? `${refused.code} ${reason}` : refused.code;
}

async function refusedBy(path: string): Promise<DesksideError> {
  try {
    await fixture.import(path);
  } catch (error) {
    if (isDesksideError(error)) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

type Change = (loose: LooseBundle) => void;
const firstOf = (loose: LooseBundle) => {
  const [entry, member, model] = [loose.manifest.entries[0], loose.members[0], loose.manifest.models[0]];
  if (!entry || !member || !model) throw new Error("the bundle is empty");
  return { entry, member, model };
};
const renamed =
  (name: string): Change =>
  (loose) => {
    const { model } = firstOf(loose);
    model.files = [{ ...model.files[0], name } as (typeof model.files)[0]];
  };
const replaced =
  (flag: string, name: string | null, linkTo = ""): Change =>
  (loose) => {
    const { entry, member } = firstOf(loose);
    member.header = archiverHeader(name ?? entry.path, flag === "0" ? member.body.length : 0, flag, linkTo);
    if (flag !== "0") member.body = Buffer.alloc(0);
  };

const signedButHostile: readonly (readonly [string, Change, string])[] = [
  ["an absolute path in the archive", replaced("0", "/etc/cron.d/x"), "BUNDLE_DAMAGED unsafe-path"],
  ["a path upwards in the archive", replaced("0", "blobs/../../x"), "BUNDLE_DAMAGED unsafe-path"],
  ["a Windows path in the archive", replaced("0", "C:\\x"), "BUNDLE_DAMAGED unsafe-path"],
  ["a symbolic link", replaced("2", null, "/etc/passwd"), "BUNDLE_DAMAGED not-a-file"],
  ["a hard link", replaced("1", null, "/etc/passwd"), "BUNDLE_DAMAGED not-a-file"],
  ["a character device", replaced("3", null), "BUNDLE_DAMAGED not-a-file"],
  ["a block device", replaced("4", null), "BUNDLE_DAMAGED not-a-file"],
  ["a folder", replaced("5", null), "BUNDLE_DAMAGED not-a-file"],
  ["a pipe", replaced("6", null), "BUNDLE_DAMAGED not-a-file"],
  ["an extended header", replaced("x", null), "BUNDLE_DAMAGED not-a-file"],
  ["a long name of GNU tar", replaced("L", null), "BUNDLE_DAMAGED not-a-file"],
  ["a sparse file", replaced("S", null), "BUNDLE_DAMAGED not-a-file"],
  ["an entry under another name", replaced("0", "blobs/other"), "BUNDLE_DAMAGED extra-entry"],
  [
    "an entry that is not in the manifest, at the end",
    ({ members }) => members.push({ header: archiverHeader("more", 4), body: Buffer.from("more") }),
    "BUNDLE_DAMAGED extra-entry",
  ],
  [
    "an entry that is not in the manifest, in front",
    ({ members }) => members.unshift({ header: archiverHeader("more", 4), body: Buffer.from("more") }),
    "BUNDLE_DAMAGED extra-entry",
  ],
  [
    "an entry twice in the archive",
    (loose) => loose.members.push(firstOf(loose).member),
    "BUNDLE_DAMAGED duplicate-entry",
  ],
  [
    "the manifest once more",
    ({ members }) => members.push({ header: archiverHeader("manifest.json", 2), body: Buffer.from("{}") }),
    "BUNDLE_DAMAGED duplicate-entry",
  ],
  [
    "an entry twice in the manifest",
    (loose) => {
      loose.manifest.entries.push(firstOf(loose).entry);
      loose.members.push(firstOf(loose).member);
    },
    "BUNDLE_DAMAGED duplicate-entry",
  ],
  ["an entry that is missing", ({ members }) => members.pop(), "BUNDLE_DAMAGED cut-off"],
  ["entries in another order", ({ members }) => members.reverse(), "BUNDLE_DAMAGED extra-entry"],
  ["an absolute path in the manifest", (loose) => (firstOf(loose).entry.path = "/etc/x"), "BUNDLE_DAMAGED unsafe-path"],
  ["a path upwards in the manifest", (loose) => (firstOf(loose).entry.path = "../x"), "BUNDLE_DAMAGED unsafe-path"],
  ["a hash in capitals", (loose) => (firstOf(loose).entry.sha256 = "A".repeat(64)), "BUNDLE_DAMAGED manifest-invalid"],
  [
    "a size that is too small",
    (loose) => {
      const { entry, member } = firstOf(loose);
      entry.bytes -= 512;
      member.header = archiverHeader(entry.path, entry.bytes);
    },
    "BUNDLE_DAMAGED header-changed",
  ],
  ["a negative size", (loose) => (firstOf(loose).entry.bytes = -1), "BUNDLE_DAMAGED manifest-invalid"],
  ["a size of a petabyte", (loose) => (firstOf(loose).entry.bytes = 2 ** 50), "BUNDLE_DAMAGED too-large"],
  ["a size that is no number", (loose) => (firstOf(loose).entry.bytes = Number.NaN), "BUNDLE_DAMAGED manifest-invalid"],
  [
    "ten thousand entries",
    (loose) => {
      const { entry } = firstOf(loose);
      loose.manifest.entries = Array.from({ length: 10_000 }, () => entry);
    },
    "BUNDLE_DAMAGED too-large",
  ],
  [
    "a manifest of five megabytes",
    (loose) => Object.assign(loose.manifest, { note: "x".repeat(5 * 1024 * 1024) }),
    "BUNDLE_DAMAGED too-large",
  ],
  ["a model named upwards", renamed("../evil.gguf"), "BUNDLE_DAMAGED unsafe-path"],
  ["a model with an absolute name", renamed("/tmp/evil.gguf"), "BUNDLE_DAMAGED unsafe-path"],
  ["a model with a backslash", renamed("a\\evil.gguf"), "BUNDLE_DAMAGED unsafe-path"],
  ["a model named like a device", renamed("nul.gguf"), "BUNDLE_DAMAGED unsafe-path"],
  ["a model in a folder", renamed("a/evil.gguf"), "BUNDLE_DAMAGED unsafe-path"],
  ["a model with a zero byte in its name", renamed("a\0.gguf"), "BUNDLE_DAMAGED unsafe-path"],
  [
    "two files of one name",
    (loose) => {
      const { model } = firstOf(loose);
      model.files = model.files.flatMap((file) => [file, { ...file, name: file.name.toUpperCase() }]);
    },
    "BUNDLE_DAMAGED duplicate-entry",
  ],
  [
    "a model whose content is not there",
    (loose) => {
      const { model } = firstOf(loose);
      model.files = [{ name: "x.gguf", sha256: "0".repeat(64) }];
    },
    "BUNDLE_DAMAGED manifest-invalid",
  ],
  ["a later version", ({ manifest }) => (manifest.version = 2), "BUNDLE_NEWER"],
  ["another format", ({ manifest }) => Object.assign(manifest, { format: "zip" }), "BUNDLE_DAMAGED manifest-invalid"],
  [
    "settings of two megabytes",
    (loose) => void addEntry(loose, Buffer.alloc(2 * 1024 * 1024, 32), "settings"),
    "BUNDLE_DAMAGED too-large",
  ],
  [
    "a model that is no GGUF file",
    (loose) => {
      const sha256 = addEntry(loose, Buffer.from("not a model at all, but signed"), "model");
      const { model } = firstOf(loose);
      loose.manifest.models.push({ ...model, name: "Other", files: [{ name: "other.gguf", sha256 }] });
    },
    "GGUF_INVALID",
  ],
  [
    "a content that is not that of its hash",
    (loose) => {
      const { member } = firstOf(loose);
      member.body = Buffer.concat([Buffer.from("X"), member.body.subarray(1)]);
    },
    "BUNDLE_DAMAGED content-changed",
  ],
];

describe("a signed bundle of a stranger that wants more than to bring models", () => {
  test.each(signedButHostile)("%s", async (_name, change, refusal) => {
    const loose = takeApart(Buffer.from(good));
    change(loose);
    expect(await refusalOf(putTogether(loose, fixture.signer))).toBe(refusal);
  });
});

describe("a bundle that was changed on the way", () => {
  test("put together again without a change it is the same, and accepted", async () => {
    expect(putTogether(takeApart(good), fixture.signer).equals(good)).toBe(true);
  });

  test("every class of bytes is noticed: headers, manifest, signature, contents, padding, end", async () => {
    const random = createSeededRandom(11);
    const offsets = new Set<number>();
    const manifestSize = takeApart(good).manifest && Number.parseInt(good.toString("latin1", 124, 135), 8);
    const signatureAt = 512 + Math.ceil(manifestSize / 512) * 512;
    // All of the first kilobyte and of the signature's two blocks, the end, and bytes of everything else.
    for (let at = 0; at < 512; at += 7) offsets.add(at);
    for (let at = signatureAt; at < signatureAt + 1024; at += 5) offsets.add(at);
    for (let at = good.length - 1024; at < good.length; at += 97) offsets.add(at);
    while (offsets.size < 500) offsets.add(random.below(good.length));
    const codes = new Set<string>();
    for (const at of offsets) {
      const changed = Buffer.from(good);
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
      codes.add(await refusalOf(changed));
    }
    expect(codes).toContain("BUNDLE_SIGNATURE_INVALID");
    expect(codes).toContain("BUNDLE_DAMAGED content-changed");
    expect(codes).toContain("BUNDLE_DAMAGED padding-changed");
    expect(codes).toContain("BUNDLE_DAMAGED header-changed");
  }, 60_000);

  test("cut at any place", async () => {
    const random = createSeededRandom(12);
    for (let run = 0; run < 40; run++) {
      const refusal = await refusalOf(good.subarray(0, random.below(good.length)));
      expect(["BUNDLE_DAMAGED cut-off", "BUNDLE_DAMAGED not-a-bundle"]).toContain(refusal);
    }
  });

  test("something behind the end", async () => {
    expect(await refusalOf(Buffer.concat([good, Buffer.from("x")]))).toBe("BUNDLE_DAMAGED extra-entry");
    expect(await refusalOf(Buffer.concat([good, good]))).toBe("BUNDLE_DAMAGED extra-entry");
  });

  test("signed again by somebody else it has another fingerprint", async () => {
    const loose = takeApart(Buffer.from(good));
    const other = createBundleSigner(Buffer.alloc(32, 8));
    const signature = other.sign(good.subarray(512, 600));
    expect(signature.length).toBe(96);
    expect(other.fingerprint).not.toBe(fixture.signer.fingerprint);
    // The old manifest names the old key: a new signature alone is refused.
    const bytes = putTogether(loose, fixture.signer);
    const manifestSize = Number.parseInt(bytes.toString("latin1", 124, 135), 8);
    const at = 512 + Math.ceil(manifestSize / 512) * 512 + 512;
    other.sign(bytes.subarray(512, 512 + manifestSize)).copy(bytes, at);
    expect(await refusalOf(bytes)).toBe("BUNDLE_SIGNATURE_INVALID");
  });

  test("the bundle itself is fine", async () => {
    expect((await stat(fixture.path)).size).toBe(good.length);
    expect((await fixture.import(fixture.path)).models).toHaveLength(1);
  });
});
