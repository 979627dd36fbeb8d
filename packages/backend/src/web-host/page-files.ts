import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  // What PDF pages are drawn with.
  ".mjs": "text/javascript; charset=utf-8",
  ".bcmap": "application/octet-stream",
  ".pfb": "application/octet-stream",
  ".wasm": "application/wasm",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
  ".json": "application/json",
};

export interface PageFile {
  readonly type: string;
  readonly path: string;
  /** Its name holds its hash: it never changes. */
  readonly immutable: boolean;
  read(): Buffer;
}

/**
 * The files of the interface by address. The list is made once: an address that is not in it does not exist, so no
 * address can lead outside the folder.
 */
export function listPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const address = `/${relative(folder, path).split(sep).join("/")}`;
    const type = types[extname(entry.name)];
    if (!type) continue;
    const file = { type, path, immutable: address.startsWith("/assets/"), read: () => readFileSync(path) };
    files.set(address, file);
    if (address === "/index.html") files.set("/", file);
  }
  return files;
}
