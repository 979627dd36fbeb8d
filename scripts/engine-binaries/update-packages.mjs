// After node-llama-cpp got another version: writes the table of packages that may be fetched, from the registry's own
// archives. `node scripts/engine-binaries/update-packages.mjs [registry]`. A package that the registry does not have is
// left out, and said.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { root } from "../install-dependencies.mjs";

const names = [
  ...["linux-x64", "linux-x64-vulkan", "linux-x64-cuda", "linux-x64-cuda-ext", "linux-arm64"],
  ...["win-x64", "win-x64-vulkan", "win-x64-cuda", "win-x64-cuda-ext", "win-arm64"],
];
const file = join(root, "packages/backend/src/engine-binaries/binary-packages.json");
const registry = (process.argv[2] ?? process.env["npm_config_registry"] ?? "https://registry.npmjs.org/").replace(
  /\/*$/,
  "/",
);
const version = /^ {2}node-llama-cpp: (\S+)$/m.exec(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"))?.[1];
if (!version) throw new Error("pnpm-workspace.yaml names no version of node-llama-cpp");

/** @type {Record<string, object>} */
const packages = {};
for (const name of names) {
  const described = await fetch(`${registry}@node-llama-cpp/${name}`);
  /** @type {any} */
  const document = described.ok ? await described.json() : {};
  const dist = document.versions?.[version]?.dist;
  if (!dist) {
    console.warn(`left out: ${name}@${version} is not in this registry (HTTP ${described.status})`);
    continue;
  }
  const answer = await fetch(`${registry}@node-llama-cpp/${name}/-/${name}-${version}.tgz`);
  if (!answer.ok) throw new Error(`${name}: HTTP ${answer.status}`);
  const archive = Buffer.from(await answer.arrayBuffer());
  const integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
  if (integrity !== dist.integrity) throw new Error(`${name}: the archive has another hash than the registry says`);
  packages[name] = { integrity, downloadBytes: archive.length, ...countFiles(gunzipSync(archive)) };
  console.log(`${name} ${archive.length}`);
}
writeFileSync(file, `${JSON.stringify({ library: version, packages }, null, 2)}\n`);

/** @param {Buffer} tar of npm: plain files only, no extended headers */
function countFiles(tar) {
  let files = 0;
  let unpackedBytes = 0;
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 136), 8);
    const flag = String.fromCharCode(tar[at + 156] ?? 0);
    if (flag === "0" || flag === "\0") {
      files++;
      unpackedBytes += size;
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return { unpackedBytes, files };
}
