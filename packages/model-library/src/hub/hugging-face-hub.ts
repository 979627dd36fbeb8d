import { deskError } from "@deskside/contract";
import { z } from "zod";
import type { HttpClient } from "./http-client.ts";
import type { Hub, HubFile, HubRevision, HubSearchHit } from "./hub.ts";
import { hubFailure } from "./hub-failure.ts";
import { encodePath, isRepoId, isRevision, isSafePath, parseBaseUrl, parseSha256 } from "./hub-names.ts";
import { type JsonAnswer, readJson } from "./read-json.ts";
import type { RetryOptions } from "./retry-request.ts";

export const huggingFaceUrl = "https://huggingface.co";

export interface HuggingFaceHubOptions {
  readonly http: HttpClient;
  /** A mirror or a compatible hub; default: Hugging Face itself. */
  readonly baseUrl?: string;
  readonly token?: string;
  /** The base URL that the token is for; default: Hugging Face. Any other hub never gets it. */
  readonly tokenFor?: string;
  readonly retries?: RetryOptions;
}

const mostPages = 50;
const mostFiles = 50_000;

/**
 * Hugging Face and what speaks its API (https://huggingface.co/.well-known/openapi.json), such as hf-mirror.com. A
 * branch is resolved to its commit first, so that files and hashes are of one moment.
 */
export function createHuggingFaceHub(options: HuggingFaceHubOptions): Hub {
  const { http, retries } = options;
  const baseUrl = parseBaseUrl(options.baseUrl ?? huggingFaceUrl);
  const id = baseUrl === huggingFaceUrl ? "huggingface" : new URL(baseUrl).host;
  const mayHaveToken = baseUrl === parseBaseUrl(options.tokenFor ?? huggingFaceUrl);
  const token = mayHaveToken && options.token ? { token: options.token } : {};
  const fileUrl: Hub["fileUrl"] = (repo, revision, path) =>
    `${baseUrl}/${repo}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`;

  function ask<T>(url: string, schema: z.ZodType<T>, signal: AbortSignal | undefined): Promise<JsonAnswer<T>> {
    return readJson(http, { url, schema, ...token, ...(signal ? { signal } : {}) }, id, retries);
  }

  return {
    ...{ id, kind: "huggingface", baseUrl, fileUrl },
    fileSource: (repo, revision, path) => ({ url: fileUrl(repo, revision, path), name: id, ...token }),
    async search(query, { limit, signal }) {
      const answer = await ask(searchUrl(baseUrl, query, limit), z.array(hitSchema).max(200), signal);
      if (!answer.value) throw hubFailure(answer, askedFor(query, "main"));
      return answer.value.map(toHit).slice(0, limit);
    },
    async describe(repo, { revision = "main", signal } = {}) {
      if (!isRepoId(repo) || !isRevision(revision)) throw deskError("HUB_REPO_NOT_FOUND", { repo, hub: id });
      const answer = await ask(
        `${baseUrl}/api/models/${repo}/revision/${encodeURIComponent(revision)}`,
        infoSchema,
        signal,
      );
      if (!answer.value) throw hubFailure(answer, askedFor(repo, revision));
      const { sha, gated, cardData, tags } = answer.value;
      const files = await readTree(repo, sha, signal);
      const licence = cardData?.license ?? tags?.find((tag) => tag.startsWith("license:"))?.slice(8) ?? null;
      return { repo, revision: sha, gated: isGated(gated), licence: firstOf(licence), files } satisfies HubRevision;
    },
  };

  function askedFor(repo: string, revision: string) {
    return { hub: id, repo, revision, path: null, pageUrl: `${baseUrl}/${repo}` };
  }

  async function readTree(repo: string, sha: string, signal: AbortSignal | undefined): Promise<HubFile[]> {
    const first = new URL(`${baseUrl}/api/models/${repo}/tree/${sha}?recursive=true`);
    const files: HubFile[] = [];
    const visited = new Set<string>();
    for (let url: URL | null = first; url; ) {
      if (visited.has(url.href) || visited.size >= mostPages) throw invalid("the list of files does not end");
      visited.add(url.href);
      const answer: JsonAnswer<z.infer<typeof treeSchema>> = await ask(url.href, treeSchema, signal);
      if (!answer.value) throw hubFailure(answer, askedFor(repo, sha));
      for (const entry of answer.value) {
        if (!isSafePath(entry.path)) throw invalid(`unsafe path ${JSON.stringify(entry.path.slice(0, 80))}`);
        if (entry.type === "file") files.push(toFile(entry));
      }
      if (files.length > mostFiles) throw invalid(`more than ${mostFiles} files`);
      url = nextPage(first, answer.headers["link"]);
    }
    return files;
  }

  function invalid(detail: string): Error {
    return deskError("HUB_ANSWER_INVALID", { hub: id, detail });
  }
}

function searchUrl(baseUrl: string, query: string, limit: number): string {
  const url = new URL(`${baseUrl}/api/models`);
  url.searchParams.set("search", query.slice(0, 200));
  url.searchParams.set("filter", "gguf");
  url.searchParams.set("limit", String(Math.min(Math.max(1, limit), 100)));
  url.searchParams.set("sort", "downloads");
  url.searchParams.set("direction", "-1");
  for (const field of ["downloads", "lastModified", "gated", "tags"]) url.searchParams.append("expand", field);
  return url.href;
}

/** Only the query is taken over: a mirror may name the original, and nobody may send us elsewhere with a token. */
function nextPage(first: URL, link: string | undefined): URL | null {
  const target = /<([^<>]{1,4000})>\s*;[^,]*\brel="?next"?/.exec(link ?? "")?.[1];
  const parsed = target === undefined ? null : URL.parse(target, first.href);
  if (!parsed) return null;
  const next = new URL(first);
  next.search = parsed.search;
  return next;
}

const gatedSchema = z.union([z.boolean(), z.string().max(40)]).nullish();
const sizeSchema = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const tagsSchema = z.array(z.string().max(300)).max(5000);
const licenceSchema = z.union([z.string().max(200), z.array(z.string().max(200)).max(50)]);

const hitSchema = z.object({
  id: z.string().max(200).refine(isRepoId),
  downloads: z.number().nonnegative().nullish(),
  lastModified: z.string().max(40).nullish(),
  gated: gatedSchema,
  tags: tagsSchema.nullish(),
});

const infoSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40,64}$/),
  gated: gatedSchema,
  // A card is written by hand and may hold anything.
  cardData: z
    .object({ license: licenceSchema.nullish().catch(null) })
    .nullish()
    .catch(null),
  tags: tagsSchema.nullish(),
});

const treeSchema = z
  .array(
    z.object({
      type: z.string().max(40),
      path: z.string().max(4096),
      size: sizeSchema,
      lfs: z.object({ oid: z.string().max(200), size: sizeSchema }).nullish(),
    }),
  )
  .max(10_000);

function toFile({ path, size, lfs }: z.infer<typeof treeSchema>[number]): HubFile {
  return { path, sizeBytes: lfs?.size ?? size, sha256: parseSha256(lfs?.oid) };
}

function toHit({ id, downloads, lastModified, gated, tags }: z.infer<typeof hitSchema>): HubSearchHit {
  const updated = Date.parse(lastModified ?? "");
  return {
    repo: id,
    downloads: downloads ?? null,
    updatedAt: Number.isFinite(updated) ? updated : null,
    gated: isGated(gated),
    tags: tags ?? [],
  };
}

/** False, or how access is given: "auto", "manual". */
function isGated(gated: z.infer<typeof gatedSchema>): boolean {
  return gated !== undefined && gated !== null && gated !== false && gated !== "false";
}

function firstOf(licence: string | readonly string[] | null): string | null {
  return typeof licence === "string" ? licence : (licence?.[0] ?? null);
}
