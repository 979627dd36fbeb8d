import { deskError } from "@deskside/contract";

/** `owner/name`, or a bare name as old repositories have. At most 96 characters each, as the hubs allow. */
const repoPattern = /^(?:[\w-][\w.-]{0,95}\/)?[\w-][\w.-]{0,95}$/;

export function isRepoId(text: string): boolean {
  return repoPattern.test(text) && !text.includes("..");
}

/** Branch, tag or commit. */
export function isRevision(text: string): boolean {
  return text.length <= 200 && /^[\w][\w./+-]*$/.test(text) && !text.includes("..");
}

const mostPathCharacters = 1024;

/** True for a relative path that stays where it is put, on every system: no `..`, no drive, no control characters. */
export function isSafePath(path: string): boolean {
  if (path.length === 0 || path.length > mostPathCharacters) return false;
  if (/[\\:\p{Cc}]/u.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** For a URL; `/` stays. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/**
 * A hub's base URL as people write it (`https://hf-mirror.com/`, `hf-mirror.com`, a path behind it is kept), without a
 * slash at the end. Throws INVALID_INPUT for anything but HTTP, and for credentials inside the address.
 */
export function parseBaseUrl(text: string): string {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.parse(withScheme.trim());
  const isUsable =
    url !== null &&
    (url.protocol === "https:" || url.protocol === "http:") &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === "";
  if (!isUsable) {
    throw deskError("INVALID_INPUT", { issues: [{ path: "hub", message: "not the base URL of a hub" }] });
  }
  return url.href.replace(/\/+$/, "");
}

/** SHA-256 as lower-case hex, or null when it is not one. */
export function parseSha256(text: string | null | undefined): string | null {
  const plain =
    text
      ?.trim()
      .replace(/^"|"$/g, "")
      .replace(/^sha256[:-]/i, "")
      .toLowerCase() ?? "";
  return /^[0-9a-f]{64}$/.test(plain) ? plain : null;
}
