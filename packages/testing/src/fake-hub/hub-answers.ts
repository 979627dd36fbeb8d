import type { ServerResponse } from "node:http";
import { commitOf, type FakeHubContent, type FakeHubRepo, gitBlobId, isLargeFile } from "./fake-hub-repos.ts";
import type { FakeHubRequest, Misbehaviour } from "./misbehaviour.ts";
import { sendJson } from "./send-json.ts";

/** How many entries of a tree are on one page; the real hub has 1,000. */
export const treePageSize = 50;

export interface HubAnswers {
  /** `/api/models?search=…` */
  search(url: URL): void;
  /** `/api/models/<repo>` and `/api/models/<repo>/revision/<revision>` */
  info(repo: FakeHubRepo, revision: string): void;
  /** `/api/models/<repo>/tree/<revision>?recursive=true`, paged with a `Link` header. */
  tree(repo: FakeHubRepo, revision: string, url: URL): void;
  /** `/<repo>/resolve/<revision>/<path>` of a large file: headers about it and the way to the CDN. */
  linkToCdn(repo: FakeHubRepo, file: FakeHubContent, location: string): void;
  notFound(code: "RepoNotFound" | "RevisionNotFound" | "EntryNotFound"): void;
  gated(isSignedIn: boolean, repo: string): void;
  /** For a token that was withdrawn or never was one. */
  wrongToken(): void;
}

/**
 * Answers in the shape of the Hugging Face hub: https://huggingface.co/.well-known/openapi.json, and for headers and
 * error codes the client library (huggingface_hub, `utils/_http.py` and `file_download.py`).
 */
export function createHubAnswers(
  repos: readonly FakeHubRepo[],
  { headers, method }: FakeHubRequest,
  response: ServerResponse,
  wrong: Misbehaviour | null,
): HubAnswers {
  const json = (value: unknown): void => sendJson(response, value, { method, wrong });
  function fail(status: number, code: string | null, message: string): void {
    response.statusCode = status;
    if (code !== null) response.setHeader("X-Error-Code", code);
    response.setHeader("X-Error-Message", message);
    json({ error: message });
  }
  const notFound: HubAnswers["notFound"] = (code) => {
    // A stranger is not told whether a repository is missing or private.
    if (code === "RepoNotFound" && headers["authorization"] === undefined) {
      return fail(401, null, "Invalid username or password.");
    }
    const what = { RepoNotFound: "Repository", RevisionNotFound: "Revision", EntryNotFound: "Entry" }[code];
    fail(404, code, `${what} not found`);
  };
  return {
    search(url) {
      const wanted = (url.searchParams.get("search") ?? "").toLowerCase();
      const limit = Number(url.searchParams.get("limit") ?? 30);
      const found = repos.filter((repo) => repo.id.toLowerCase().includes(wanted) && matches(repo, url));
      json(found.slice(0, limit).map(toSearchHit));
    },
    info(repo, revision) {
      if (!hasRevision(repo, revision)) return notFound("RevisionNotFound");
      const siblings = Object.keys(repo.files).map((rfilename) => ({ rfilename }));
      json({ ...toSearchHit(repo), sha: commitOf(repo), disabled: false, cardData: cardOf(repo), siblings });
    },
    tree(repo, revision, url) {
      if (!hasRevision(repo, revision)) return notFound("RevisionNotFound");
      const entries = treeEntries(repo);
      const from = Number(url.searchParams.get("cursor") ?? 0);
      const next = from + treePageSize;
      if (next < entries.length) {
        const link = new URL(url);
        link.searchParams.set("cursor", String(next));
        response.setHeader("Link", `<${link.href}>; rel="next"`);
      }
      json(entries.slice(from, next));
    },
    linkToCdn(repo, file, location) {
      response.setHeader("X-Repo-Commit", commitOf(repo));
      response.setHeader("X-Linked-Size", String(file.sizeBytes));
      response.setHeader("X-Linked-ETag", `"${file.sha256}"`);
      response.setHeader("Location", location);
      response.setHeader("Content-Length", "0");
      response.writeHead(302).end();
    },
    notFound,
    wrongToken: () => fail(401, null, "Invalid credentials in Authorization header"),
    gated(isSignedIn, repo) {
      const message = `Access to model ${repo} is restricted and you are not in the authorized list.`;
      fail(isSignedIn ? 403 : 401, "GatedRepo", message);
    },
  };
}

export function hasRevision(repo: FakeHubRepo, revision: string): boolean {
  return revision === "main" || revision === "master" || revision === commitOf(repo);
}

function matches(repo: FakeHubRepo, url: URL): boolean {
  return url.searchParams.getAll("filter").every((tag) => tagsOf(repo).includes(tag));
}

function tagsOf(repo: FakeHubRepo): readonly string[] {
  const licence = repo.licence === undefined ? [] : [`license:${repo.licence}`];
  const gguf = Object.keys(repo.files).some((path) => path.endsWith(".gguf")) ? ["gguf"] : [];
  return [...gguf, ...(repo.tags ?? []), ...licence];
}

function toSearchHit(repo: FakeHubRepo): Record<string, unknown> {
  return {
    _id: commitOf(repo).slice(0, 24),
    id: repo.id,
    modelId: repo.id,
    private: false,
    gated: repo.gated === true ? "manual" : false,
    downloads: repo.downloads ?? 0,
    likes: 0,
    tags: tagsOf(repo),
    lastModified: new Date(repo.updatedAt ?? Date.UTC(2026, 0, 2)).toISOString(),
  };
}

function cardOf(repo: FakeHubRepo): Record<string, unknown> {
  return repo.licence === undefined ? {} : { license: repo.licence };
}

function treeEntries(repo: FakeHubRepo): Record<string, unknown>[] {
  const folders = new Set(
    Object.keys(repo.files).flatMap((path) => {
      const parts = path.split("/").slice(0, -1);
      return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    }),
  );
  const directories = [...folders].map((path) => ({ type: "directory", oid: "0".repeat(40), size: 0, path }));
  const files = Object.entries(repo.files).map(([path, content]) => {
    const entry = { type: "file", size: content.sizeBytes, path };
    if (!isLargeFile(path)) return { ...entry, oid: gitBlobId(content) };
    const lfs = { oid: content.sha256, size: content.sizeBytes, pointerSize: 135 };
    return { ...entry, oid: content.sha256.slice(0, 40), lfs, xetHash: content.sha256 };
  });
  return [...directories, ...files];
}
