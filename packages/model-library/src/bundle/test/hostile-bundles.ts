import { createHash } from "node:crypto";
import { blobName, type BundleManifest, canonicalJson } from "../bundle-format.ts";
import type { BundleSigner } from "../bundle-signature.ts";
import { endBlocks, paddingOf, tarHeader } from "../tar-blocks.ts";

/** A bundle taken apart, to be put together wrongly: signed by a real key, so that only the form can refuse it. */
export interface LooseBundle {
  manifest: BundleManifest;
  /** In the order they lie in the file. */
  members: { header: Buffer; body: Buffer }[];
}

export function takeApart(bytes: Buffer): LooseBundle {
  const sizeOf = (at: number) => Number.parseInt(bytes.toString("latin1", at + 124, at + 135), 8);
  const members: LooseBundle["members"] = [];
  let at = 0;
  while (bytes[at] !== 0) {
    const size = sizeOf(at);
    members.push({ header: bytes.subarray(at, at + 512), body: bytes.subarray(at + 512, at + 512 + size) });
    at += 512 + size + paddingOf(size);
  }
  const manifest = JSON.parse(members[0]?.body.toString("utf8") ?? "") as BundleManifest;
  return { manifest, members: members.slice(2) };
}

/** Signs whatever the manifest says. */
export function putTogether(loose: LooseBundle, signer: BundleSigner): Buffer {
  const manifest = canonicalJson({ ...loose.manifest, publicKey: signer.publicKey.toString("base64") });
  const signature = signer.sign(manifest);
  const members = [
    { header: tarHeader("manifest.json", manifest.length), body: manifest },
    { header: tarHeader("signature", signature.length), body: signature },
    ...loose.members,
  ];
  const blocks = members.flatMap(({ header, body }) => [header, body, Buffer.alloc(paddingOf(body.length))]);
  return Buffer.concat([...blocks, endBlocks]);
}

/** A header as a real archiver could write it: any type, a right checksum. */
export function archiverHeader(name: string, size: number, flag = "0", linkTo = ""): Buffer {
  const block = tarHeader("x", size);
  block.fill(0, 0, 100);
  block.write(name, 0, 100, "utf8");
  block.write(flag, 156, "latin1");
  block.write(linkTo, 157, 100, "utf8");
  block.write("        ", 148, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** Another entry, in the manifest and in the file. */
export function addEntry(loose: LooseBundle, body: Buffer, role: string): string {
  const sha256 = createHash("sha256").update(body).digest("hex");
  loose.manifest.entries.push({ path: blobName(sha256), bytes: body.length, sha256, role });
  loose.members.push({ header: tarHeader(blobName(sha256), body.length), body });
  return sha256;
}
