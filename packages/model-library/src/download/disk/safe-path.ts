import { isAbsolute, join, relative, resolve } from "node:path";
import { deskError } from "@deskside/contract";

/** Names Windows gives to devices, with any extension, also with superscript digits (Microsoft, "Naming files"). */
const reserved = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])( *\..*)?$/i;
const forbidden = /[\p{Cc}<>:"|?*\\]/u;
const maxSegmentBytes = 255;
const maxPathBytes = 1024;

/** Why a hub's file name is not used, on any system; null when it is fine. */
export function unsafePathReason(path: string): string | null {
  if (path === "") return "empty name";
  if (Buffer.byteLength(path) > maxPathBytes) return "name too long";
  if (!path.isWellFormed()) return "not valid text";
  if (isAbsolute(path) || path.startsWith("/")) return "absolute path";
  for (const segment of path.split("/")) {
    if (segment === "" || segment === "." || segment === "..") return "leaves its folder";
    if (forbidden.test(segment)) return "forbidden character";
    if (/[. ]$/.test(segment) || segment.startsWith(" ")) return "dot or space at the end of a name";
    if (segment.startsWith(".")) return "hidden name";
    if (reserved.test(segment)) return "name reserved by Windows";
    if (Buffer.byteLength(segment) > maxSegmentBytes - 32) return "name too long";
  }
  return null;
}

/** `folder` joined with a hub's file name. Throws MODEL_FOLDER_UNUSABLE when the name would leave the folder. */
export function safeJoin(folder: string, path: string): string {
  const reason = unsafePathReason(path);
  const joined = resolve(join(folder, ...path.split("/")));
  const inside = relative(resolve(folder), joined);
  if (reason === null && inside !== "" && !inside.startsWith("..") && !isAbsolute(inside)) return joined;
  throw deskError("MODEL_FOLDER_UNUSABLE", { path: path.slice(0, 200), detail: reason ?? "leaves its folder" });
}
