import { deskError } from "@deskside/contract";
import type { HttpClient } from "./http-client.ts";
import type { Hub } from "./hub.ts";
import { hubFailure } from "./hub-failure.ts";
import { isSafePath, parseSha256 } from "./hub-names.ts";
import { fetchPart } from "./remote/remote-bytes.ts";
import type { RetryOptions } from "./retry-request.ts";

export interface UrlHubOptions {
  readonly http: HttpClient;
  readonly retries?: RetryOptions;
}

/**
 * One `.gguf` file at a plain address: the address is the repository. Its size comes from a range of one byte, its hash
 * only where the server names it (`X-Linked-ETag`, or an ETag that is a SHA-256). A strong ETag is the revision, else
 * `Last-Modified`, else "unversioned".
 */
export function createUrlHub({ http, retries = {} }: UrlHubOptions): Hub {
  return {
    ...{ id: "url", kind: "url", baseUrl: "" },
    fileUrl: (repo) => repo,
    fileSource: (repo) => ({ url: repo, name: URL.parse(repo)?.host ?? "url" }),
    // An address is not searched.
    search: () => Promise.resolve([]),
    async describe(repo, { signal } = {}) {
      const { url, path } = parseFileUrl(repo);
      const source = { url: url.href, name: url.host };
      const part = await fetchPart(
        http,
        source,
        { start: 0, end: 1 },
        { purpose: "hub", retries, ...(signal ? { signal } : {}) },
      );
      const { status, headers, signedIn, bytes, fileBytes, etag } = part;
      if (status !== 200 && status !== 206) {
        const asked = { hub: url.host, repo, revision: "", path, pageUrl: url.href };
        throw hubFailure({ status, headers, signedIn, text: bytes.toString("utf8") }, asked);
      }
      if (fileBytes === null) throw deskError("HUB_ANSWER_INVALID", { hub: url.host, detail: "no size of the file" });
      const revision = etag?.replaceAll('"', "") ?? headers["last-modified"] ?? "unversioned";
      const sha256 = parseSha256(headers["x-linked-etag"]) ?? parseSha256(etag);
      return { repo, revision, gated: false, licence: null, files: [{ path, sizeBytes: fileBytes, sha256 }] };
    },
  };
}

/** Throws INVALID_INPUT for what is no HTTP address of a `.gguf` file, and for credentials inside it. */
function parseFileUrl(text: string): { readonly url: URL; readonly path: string } {
  const url = URL.parse(text);
  const isHttp = url?.protocol === "https:" || url?.protocol === "http:";
  if (url && isHttp && url.username === "" && url.password === "") {
    url.hash = "";
    const path = decodeOrNull(url.pathname.split("/").at(-1) ?? "");
    if (path !== null && isSafePath(path) && !path.includes("/") && /\.gguf$/i.test(path)) return { url, path };
  }
  throw deskError("INVALID_INPUT", { issues: [{ path: "url", message: "not the address of a .gguf file" }] });
}

function decodeOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign.
    return null;
  }
}
