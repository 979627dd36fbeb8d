import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { BinaryPackage, PackageTable } from "../package-table.ts";

export interface MadeEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** "0" file, "5" folder, "2" symbolic link, "1" hard link, "3" device, "x" extended header. */
  readonly flag?: string;
  readonly link?: string;
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, "0")}\0`;
}

/** One member, header and padding included. */
export function tarMember({ name, content = "", flag = "0", link = "" }: MadeEntry): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  const put = (text: string, at: number) => header.write(text, at, "latin1");
  header.write(name, 0, 100, "utf8");
  put(octal(0o644, 8), 100);
  put(octal(0, 8) + octal(0, 8), 108);
  put(octal(body.length, 12), 124);
  put(octal(0, 12), 136);
  put("        ", 148);
  put(flag, 156);
  header.write(link, 157, 100, "utf8");
  put("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

export function makeTar(entries: readonly MadeEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarMember), Buffer.alloc(1024)]);
}

export const madeVersion = "9.9.9";

/** A package as the registry serves it: the loader that node-llama-cpp imports, and something binary. */
export function makePackage(name: string, extra: readonly MadeEntry[] = [], payloadBytes = 300_000) {
  const entries: MadeEntry[] = [
    {
      name: "package/package.json",
      content: JSON.stringify({ name: `@node-llama-cpp/${name}`, version: madeVersion }),
    },
    { name: "package/dist/index.js", content: "export const getBinsDir = () => ({});\n" },
    { name: `package/bins/${name}/llama-addon.node`, content: noise(payloadBytes) },
    ...extra,
  ];
  return { archive: gzipSync(makeTar(entries)), entries };
}

/** Bytes that do not compress, the same every time. */
function noise(length: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at * 64 < length; at++) parts.push(createHash("sha512").update(String(at)).digest());
  return Buffer.concat(parts).subarray(0, length);
}

/** The package as a table would pin it. */
export function pin(name: string, made: ReturnType<typeof makePackage>): BinaryPackage {
  const files = made.entries.filter(({ flag = "0" }) => flag === "0");
  return {
    ...{ name, version: madeVersion, files: files.length },
    integrity: `sha512-${createHash("sha512").update(made.archive).digest("base64")}`,
    downloadBytes: made.archive.length,
    unpackedBytes: files.reduce((sum, { content = "" }) => sum + Buffer.from(content).length, 0),
  };
}

export function tableOf(packages: readonly BinaryPackage[]): PackageTable {
  const rows = packages.map(({ name, integrity, downloadBytes, unpackedBytes, files }) => [
    name,
    { integrity, downloadBytes, unpackedBytes, files },
  ]);
  return { library: madeVersion, packages: Object.fromEntries(rows) };
}
