import type { ServerResponse } from "node:http";
import { commitOf, type FakeHubContent, type FakeHubRepo, gitBlobId, isLargeFile } from "./fake-hub-repos.ts";
import { createHubAnswers, hasRevision } from "./hub-answers.ts";
import type { FakeHubRequest, Misbehaviour } from "./misbehaviour.ts";
import { createModelScopeAnswers } from "./modelscope-answers.ts";
import type { Route } from "./routes.ts";
import { serveFile } from "./serve-file.ts";

export interface HubContext {
  readonly repos: readonly FakeHubRepo[];
  readonly token: string | undefined;
  readonly accounts: readonly string[] | undefined;
  readonly cdnOrigin: string;
}

export interface Asked {
  readonly route: Route;
  readonly request: FakeHubRequest;
  readonly url: URL;
}

export async function serveRoute(
  context: HubContext,
  asked: Asked,
  response: ServerResponse,
  wrong: Misbehaviour | null,
): Promise<void> {
  const repo = context.repos.find(({ id }) => id === asked.route.repo);
  if (asked.route.kind === "cdn") return serveCdn(asked, repo, response, wrong);
  if (asked.route.api === "modelscope") return serveModelScope(context, asked, response, wrong);
  const { route, request, url } = asked;
  const answers = createHubAnswers(context.repos, request, response, wrong);
  if (hasWrongToken(context, request)) return answers.wrongToken();
  if (route.kind === "search") return answers.search(url);
  if (!repo) return answers.notFound("RepoNotFound");
  if (route.kind === "info") return answers.info(repo, route.revision);
  if (route.kind === "tree") return answers.tree(repo, route.revision, url);
  const signedIn = request.headers["authorization"];
  if (repo.gated === true && (context.token === undefined || signedIn !== `Bearer ${context.token}`)) {
    return answers.gated(signedIn !== undefined, repo.id);
  }
  if (!hasRevision(repo, route.revision)) return answers.notFound("RevisionNotFound");
  const content = repo.files[route.path];
  if (!content) return answers.notFound("EntryNotFound");
  if (!isLargeFile(route.path)) {
    return serveFile(request, response, { content, etag: gitBlobId(content), headers: commitHeader(repo) }, wrong);
  }
  answers.linkToCdn(repo, content, `${context.cdnOrigin}/cdn/${repo.id}/${commitOf(repo)}/${encode(route.path)}`);
}

function hasWrongToken({ token, accounts }: HubContext, { headers }: FakeHubRequest): boolean {
  const sent = headers["authorization"];
  if (accounts === undefined || sent === undefined) return false;
  return ![token, ...accounts].some((known) => sent === `Bearer ${known}`);
}

async function serveCdn(
  { route, request }: Asked,
  repo: FakeHubRepo | undefined,
  response: ServerResponse,
  wrong: Misbehaviour | null,
): Promise<void> {
  const content = repo?.files[route.path];
  if (content) return serveFile(request, response, { content, etag: cdnTag(content) }, wrong);
  response.writeHead(404, { "Content-Type": "application/xml" }).end("<Error><Code>NoSuchKey</Code></Error>");
}

/** A CDN's own tag, which is not the hash of the file. */
function cdnTag({ sha256 }: FakeHubContent): string {
  return `cdn-${sha256.slice(0, 32)}`;
}

async function serveModelScope(
  { repos, token }: HubContext,
  { route, request, url }: Asked,
  response: ServerResponse,
  wrong: Misbehaviour | null,
): Promise<void> {
  const answers = createModelScopeAnswers(repos, request, response, wrong);
  if (route.kind === "search") return answers.search(url);
  const repo = repos.find(({ id }) => id === route.repo);
  if (!repo || !hasRevision(repo, route.revision)) return answers.notFound();
  if (route.kind === "info") return answers.info(repo);
  if (route.kind === "tree") return answers.files(repo);
  const signedIn = request.headers["authorization"];
  if (repo.gated === true && (token === undefined || signedIn !== `Bearer ${token}`)) return answers.gated();
  const content = repo.files[route.path];
  if (!content) return answers.notFound();
  // Parts come with status 200 there; only Content-Range tells them from the whole file.
  const partStatus = 200;
  return serveFile(request, response, { content, etag: content.sha256, partStatus }, wrong);
}

function commitHeader(repo: FakeHubRepo): Record<string, string> {
  return { "X-Repo-Commit": commitOf(repo) };
}

function encode(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
