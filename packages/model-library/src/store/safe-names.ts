import { createHash } from "node:crypto";
import { splitPattern } from "../gguf/split-parts.ts";
import { modelIdPattern } from "./store-schemas.ts";

/** Names that Windows keeps for devices, with any ending. learn.microsoft.com/windows/win32/fileio/naming-a-file */
const deviceNames = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?$/i;
/** Separators, what Windows refuses, control characters, and marks that turn the reading direction of a name around. */
const refusedCharacters = /[<>:"/\\|?*\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/gu;
/** Bytes in UTF-8; leaves room for the sidecar's ending below the 255 of common file systems. */
const mostNameBytes = 200;

/** A name for one file on any system, made from a text of a stranger. Never empty, never with a folder in it. */
export function safeFileName(wanted: string): string {
  const last = wanted.split(/[/\\]/).at(-1) ?? "";
  const plain = last
    .toWellFormed()
    .normalize("NFC")
    .replace(refusedCharacters, "_")
    .replace(/^[.\s]+|\s+$/g, "");
  const split = splitPattern.exec(plain)?.[0];
  const ending = split ?? (/\.gguf$/i.test(plain) ? ".gguf" : "");
  let stem = plain.slice(0, plain.length - ending.length);
  if (ending === "") stem = stem.replace(/[. ]+$/, "");
  stem = cutToBytes(stem.trim(), mostNameBytes - ending.length);
  if (ending === "") stem = stem.replace(/[. ]+$/, "");
  const name = `${stem === "" ? "model" : stem}${ending}`;
  return deviceNames.test(name) ? `_${name}` : name;
}

function cutToBytes(text: string, most: number): string {
  let used = 0;
  let kept = "";
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > most) break;
    kept += character;
  }
  return kept;
}

/**
 * The id of a model, from where it comes from and its quantization: the same input gives the same id on every machine.
 * Letters that an id cannot hold are replaced by a short hash, so that two names do not fall together.
 */
export function modelIdOf(repo: string, quantization: string | null): string {
  const last = repo.split(/[/\\]/).findLast((part) => part.trim() !== "") ?? "";
  const base = plainPart(last.replace(/\.gguf$/i, "").replace(/[-_.]gguf$/i, ""));
  const suffix = quantization ? plainPart(quantization) : "";
  const isLossy = /[^\x20-\x7e]/.test(last) || base === "";
  const hash = isLossy ? shortHash(repo) : "";
  const isNamed = suffix === "" || base === suffix || base.endsWith(`-${suffix}`);
  const tail = [isNamed ? "" : suffix, hash].filter((part) => part !== "").join("-");
  const room = 63 - (tail === "" ? 0 : tail.length + 1);
  const cut = base.length > room ? `${base.slice(0, room - 9)}-${shortHash(base)}` : base;
  const id = [cut, tail]
    .filter((part) => part !== "")
    .join("-")
    .replace(/^[.-]+|[.-]+$/g, "");
  const named = id === "" || deviceNames.test(id) ? `model-${id === "" ? shortHash(repo) : id}` : id;
  return modelIdPattern.test(named) ? named : `model-${shortHash(`${repo}\0${quantization ?? ""}`)}`;
}

function plainPart(text: string): string {
  const plain = text.normalize("NFKD").toLowerCase();
  return plain
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/[.-]{2,}/g, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 200);
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** `id`, or the first of `id-2`, `id-3` … that nobody has. */
export function freeId(id: string, isTaken: (id: string) => boolean): string {
  if (!isTaken(id)) return id;
  for (let number = 2; ; number++) {
    const ending = `-${number}`;
    const next = `${id.slice(0, 64 - ending.length).replace(/[.-]+$/, "")}${ending}`;
    if (!isTaken(next)) return next;
  }
}

/** One SHA-256 for the content of a version: that of its file, or over those of its parts in order. */
export function contentIdOf(hashes: readonly (string | null)[]): string | null {
  if (hashes.length === 0 || hashes.includes(null)) return null;
  if (hashes.length === 1) return hashes[0] ?? null;
  return createHash("sha256").update(hashes.join("\n")).digest("hex");
}

/** The name of a version's folder. */
export function versionKeyOf(contentId: string): string {
  return contentId.slice(0, 16);
}
