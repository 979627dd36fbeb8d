import { deskError } from "@deskside/contract";
import { z } from "zod";
import type { HttpClient } from "./http-client.ts";
import type { Hub, HubFile, HubSearchHit } from "./hub.ts";
import { hubFailure } from "./hub-failure.ts";
import { encodePath, isRepoId, isRevision, isSafePath, parseBaseUrl, parseSha256 } from "./hub-names.ts";
import { type JsonAnswer, readJson } from "./read-json.ts";
import type { RetryOptions } from "./retry-request.ts";

export const modelScopeUrl = "https://www.modelscope.cn";

export interface ModelScopeHubOptions {
  readonly http: HttpClient;
  readonly baseUrl?: string;
  readonly token?: string;
  /** The base URL that the token is for; default: ModelScope. Any other hub never gets it. */
  readonly tokenFor?: string;
  readonly retries?: RetryOptions;
}

/**
 * ModelScope, as its client library speaks to it (modelscope, `hub/api.py`). Its list of files names SHA-256 for every
 * file but no commit of the repository, so `revision` stays the branch that was asked for and the hashes bind it.
 * Parts of a file come with status 200 and Content-Range.
 */
export function createModelScopeHub(options: ModelScopeHubOptions): Hub {
  const { http, retries } = options;
  const baseUrl = parseBaseUrl(options.baseUrl ?? modelScopeUrl);
  const id = baseUrl === modelScopeUrl ? "modelscope" : new URL(baseUrl).host;
  const mayHaveToken = baseUrl === parseBaseUrl(options.tokenFor ?? modelScopeUrl);
  const token = mayHaveToken && options.token ? { token: options.token } : {};
  const fileUrl: Hub["fileUrl"] = (repo, revision, path) =>
    `${baseUrl}/models/${repo}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`;

  async function ask<T>(url: URL, schema: z.ZodType<T>, repo: string, signal: AbortSignal | undefined): Promise<T> {
    const request = { url: url.href, schema, ...token, ...(signal ? { signal } : {}) };
    const answer: JsonAnswer<T> = await readJson(http, request, id, retries);
    if (answer.value) return answer.value;
    throw hubFailure(answer, { hub: id, repo, revision: "", path: null, pageUrl: `${baseUrl}/models/${repo}` });
  }

  return {
    ...{ id, kind: "modelscope", baseUrl, fileUrl },
    fileSource: (repo, revision, path) => ({ url: fileUrl(repo, revision, path), name: id, ...token }),
    async search(query, { limit, signal }) {
      const url = new URL(`${baseUrl}/openapi/v1/models`);
      url.searchParams.set("search", query.slice(0, 200));
      // The most that one page may hold there.
      url.searchParams.set("page_size", "50");
      url.searchParams.set("sort", "downloads");
      const { data } = await ask(url, searchSchema, query, signal);
      return data.models.filter(hasGguf).map(toHit).slice(0, limit);
    },
    async describe(repo, { revision = "master", signal } = {}) {
      if (!isRepoId(repo) || !isRevision(revision)) throw deskError("HUB_REPO_NOT_FOUND", { repo, hub: id });
      const info = await ask(new URL(`${baseUrl}/openapi/v1/models/${repo}`), infoSchema, repo, signal);
      const url = new URL(`${baseUrl}/api/v1/models/${repo}/repo/files`);
      url.searchParams.set("Revision", revision);
      url.searchParams.set("Recursive", "True");
      const list = await ask(url, filesSchema, repo, signal);
      if (!list.Data) throw hubFailureOf(list, repo);
      const files = list.Data.Files.filter(({ Type }) => Type !== "tree").map(toFile);
      return { repo, revision, gated: info.data.gated === true, licence: info.data.license || null, files };
    },
  };

  /** Some refusals come with status 200 and a code of their own. */
  function hubFailureOf(
    { Code, Message }: { Code?: number | undefined; Message?: string | null | undefined },
    repo: string,
  ) {
    if (Code === 404 || /not (found|exist)/i.test(Message ?? ""))
      return deskError("HUB_REPO_NOT_FOUND", { repo, hub: id });
    return deskError("HUB_ANSWER_INVALID", { hub: id, detail: `code ${Code}: ${Message ?? ""}`.slice(0, 300) });
  }

  function toFile(entry: z.infer<typeof fileSchema>): HubFile {
    if (isSafePath(entry.Path)) return { path: entry.Path, sizeBytes: entry.Size, sha256: parseSha256(entry.Sha256) };
    const detail = `unsafe path ${JSON.stringify(entry.Path.slice(0, 80))}`;
    throw deskError("HUB_ANSWER_INVALID", { hub: id, detail });
  }
}

const fileSchema = z.object({
  Path: z.string().max(4096),
  Type: z.string().max(40).nullish(),
  Size: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  Sha256: z.string().max(200).nullish(),
});

const infoSchema = z.object({
  data: z.object({ license: z.string().max(200).nullish(), gated: z.boolean().nullish().catch(null) }),
});
const filesSchema = z.object({
  Code: z.number().optional(),
  Message: z.string().nullish(),
  Data: z.object({ Files: z.array(fileSchema).max(50_000) }).nullish(),
});

const modelSchema = z.object({
  id: z.string().max(200).refine(isRepoId),
  downloads: z.number().nonnegative().nullish(),
  last_modified: z.string().max(40).nullish(),
  gated: z.boolean().nullish().catch(null),
  tags: z.array(z.string().max(300)).max(1000).nullish(),
});
const searchSchema = z.object({ data: z.object({ models: z.array(modelSchema).max(200) }) });

function hasGguf({ id, tags }: z.infer<typeof modelSchema>): boolean {
  return tags?.some((tag) => /^(library:)?gguf$/i.test(tag)) === true || /gguf/i.test(id);
}

function toHit({ id, downloads, last_modified, gated, tags }: z.infer<typeof modelSchema>): HubSearchHit {
  const updated = Date.parse(last_modified ?? "");
  return {
    repo: id,
    downloads: downloads ?? null,
    updatedAt: Number.isFinite(updated) ? updated : null,
    gated: gated === true,
    tags: tags ?? [],
  };
}
