// Tells whether something was made from exactly these files: by their content, so that a checkout that only
// touches times causes no work and a changed byte always does.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const neverSource = new Set(["node_modules", "out", "dist", ".git", ".cache", "test-results", "playwright-report"]);

/**
 * Every file below `folder`, sorted, without installed and built ones. Missing folders have no files.
 * @param {string} folder
 * @param {(path: string) => boolean} [keep]
 * @returns {string[]} absolute paths
 */
export function listFiles(folder, keep = () => true) {
  if (!existsSync(folder)) return [];
  /** @type {string[]} */
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!neverSource.has(entry.name)) found.push(...listFiles(path, keep));
    } else if (entry.isFile() && keep(path)) found.push(path);
  }
  return found.sort();
}

/**
 * @param {string} root paths count relative to it, so that a moved checkout keeps its stamps
 * @param {readonly string[]} files
 * @returns {string} hexadecimal SHA-256 over names and contents
 */
export function hashFiles(root, files) {
  const hash = createHash("sha256");
  for (const file of [...files].sort()) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file).split(sep).join("/")}\0${content.length}\0`);
    hash.update(content);
  }
  return hash.digest("hex");
}

/**
 * True when `stampFile` says that this hash was made and everything that was made is still there.
 * @param {string} stampFile
 * @param {string} hash
 * @param {readonly string[]} [needed] further paths that must exist
 */
export function isUpToDate(stampFile, hash, needed = []) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, "utf8"));
    const made = stamp.outputs.map((/** @type {string} */ name) => join(dirname(stampFile), name));
    return stamp.hash === hash && [...made, ...needed].every((path) => existsSync(path));
  } catch {
    // No stamp, or not one of ours: everything is made anew.
    return false;
  }
}

/**
 * @param {string} stampFile
 * @param {string} hash
 * @param {readonly string[]} [outputs] what was made, as paths; each must be there for the stamp to count
 */
export function writeStamp(stampFile, hash, outputs = []) {
  mkdirSync(dirname(stampFile), { recursive: true });
  const names = outputs.map((path) => relative(dirname(stampFile), path).split(sep).join("/"));
  writeFileSync(stampFile, `${JSON.stringify({ hash, outputs: names })}\n`);
}
