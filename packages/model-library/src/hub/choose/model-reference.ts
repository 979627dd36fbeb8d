import { isRepoId, isRevision, isSafePath } from "../hub-names.ts";

/** What somebody means by the text they typed or pasted. */
export type ModelReference =
  | {
      readonly kind: "repo";
      readonly repo: string;
      /** Null: as the hub's settings are, and its usual branch. */
      readonly baseUrl: string | null;
      readonly revision: string | null;
      /** Quantization or file; null when not named. */
      readonly wanted: string | null;
    }
  | { readonly kind: "url"; readonly url: string };

/**
 * Understands `owner/repo`, `owner/repo:Q4_K_M`, `owner/repo:file.gguf`, `hf.co/owner/repo:Q4_K_M`, addresses of pages
 * and files of hubs (`…/blob/main/x.gguf`, `…/resolve/…`, `…/tree/…`, ModelScope's `/models/…`), and any other address
 * of a `.gguf` file. Null for everything else.
 */
export function parseModelReference(text: string): ModelReference | null {
  const trimmed = text.trim();
  if (trimmed.length > 2048) return null;
  if (/^https?:\/\//i.test(trimmed)) return fromUrl(trimmed);
  const short = /^(?:hf\.co|huggingface\.co)\/(.+)$/i.exec(trimmed);
  const [repo = "", ...rest] = (short?.[1] ?? trimmed).split(":");
  if (rest.length > 1 || !repo.includes("/") || !isRepoId(repo)) return null;
  const wanted = rest[0] ?? null;
  if (wanted !== null && !isSafePath(wanted)) return null;
  return { kind: "repo", repo, baseUrl: short ? "https://huggingface.co" : null, revision: null, wanted };
}

function fromUrl(text: string): ModelReference | null {
  const url = URL.parse(text);
  if (!url || url.username !== "" || url.password !== "") return null;
  const parts = decodeParts(url.pathname);
  if (!parts) return null;
  const isModelScope = parts[0] === "models";
  const [owner = "", name = "", verb, revision, ...path] = isModelScope ? parts.slice(1) : parts;
  const repo = `${owner}/${name}`;
  const wanted = path.length > 0 ? path.join("/") : null;
  if (isRepoId(repo) && (verb === "blob" || verb === "resolve") && isRevision(revision ?? "") && wanted !== null) {
    if (!isSafePath(wanted)) return null;
    return { kind: "repo", repo, baseUrl: url.origin, revision: revision ?? null, wanted };
  }
  if (/\.gguf$/i.test(url.pathname)) return { kind: "url", url: url.href };
  const isPage = verb === undefined || verb === "tree" || verb === "files" || verb === "summary";
  if (!isPage || !isRepoId(repo) || name === "") return null;
  const branch = verb === "tree" && revision !== undefined && isRevision(revision) ? revision : null;
  return { kind: "repo", repo, baseUrl: url.origin, revision: branch, wanted: null };
}

function decodeParts(pathname: string): string[] | null {
  try {
    return pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch {
    // A stray percent sign.
    return null;
  }
}
