import type { ServerResponse } from "node:http";
import { commitOf, type FakeHubRepo, isLargeFile } from "./fake-hub-repos.ts";
import type { FakeHubRequest, Misbehaviour } from "./misbehaviour.ts";
import { sendJson } from "./send-json.ts";

export interface ModelScopeAnswers {
  /** `/openapi/v1/models?search=…&page_size=…` */
  search(url: URL): void;
  /** `/openapi/v1/models/<repo>` */
  info(repo: FakeHubRepo): void;
  /** `/api/v1/models/<repo>/repo/files?Revision=…&Recursive=True` */
  files(repo: FakeHubRepo): void;
  notFound(): void;
  gated(): void;
}

/** Answers in the shape of ModelScope, after its client library (modelscope, `hub/api.py`). */
export function createModelScopeAnswers(
  repos: readonly FakeHubRepo[],
  { method }: FakeHubRequest,
  response: ServerResponse,
  wrong: Misbehaviour | null,
): ModelScopeAnswers {
  function json(status: number, value: unknown): void {
    response.statusCode = status;
    sendJson(response, value, { method, wrong });
  }
  const wrap = (data: unknown): unknown => ({
    Code: 200,
    Data: data,
    Message: "success",
    RequestId: "fake",
    Success: true,
  });
  const fail = (status: number, code: number, message: string): void =>
    json(status, { Code: code, Data: null, Message: message, RequestId: "fake", Success: false });
  return {
    search(url) {
      const wanted = (url.searchParams.get("search") ?? "").toLowerCase();
      const size = Number(url.searchParams.get("page_size") ?? 10);
      const found = repos.filter(({ id }) => id.toLowerCase().includes(wanted));
      const models = found.slice(0, size).map(toHit);
      json(200, { success: true, data: { models, total_count: found.length, page_number: 1, page_size: size } });
    },
    info: (repo) => json(200, { success: true, data: toHit(repo) }),
    files: (repo) => json(200, wrap({ Files: Object.keys(repo.files).map((path) => toFile(repo, path)) })),
    notFound: () => fail(404, 10_010_205_001, "model not found"),
    gated: () => fail(403, 10_010_203_001, "access denied, please apply first"),
  };
}

function toHit(repo: FakeHubRepo): Record<string, unknown> {
  const hasGguf = Object.keys(repo.files).some((path) => path.endsWith(".gguf"));
  return {
    id: repo.id,
    downloads: repo.downloads ?? 0,
    last_modified: new Date(repo.updatedAt ?? Date.UTC(2026, 0, 2)).toISOString(),
    tags: [...(hasGguf ? ["library:gguf"] : []), ...(repo.tags ?? [])],
    private: false,
    gated: repo.gated === true,
    license: repo.licence ?? null,
  };
}

function toFile(repo: FakeHubRepo, path: string): Record<string, unknown> {
  const content = repo.files[path];
  return {
    Name: path.split("/").at(-1),
    Path: path,
    Type: "blob",
    Size: content?.sizeBytes,
    Sha256: content?.sha256,
    IsLFS: isLargeFile(path),
    Revision: commitOf(repo),
    CommittedDate: 1_767_312_000,
  };
}
