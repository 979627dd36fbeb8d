import type { RouteKind } from "./misbehaviour.ts";

export interface Route {
  readonly kind: RouteKind;
  readonly api: "huggingface" | "modelscope";
  /** Empty for a search. */
  readonly repo: string;
  readonly revision: string;
  readonly path: string;
}

const patterns: readonly (readonly [RouteKind, Route["api"], RegExp])[] = [
  ["search", "huggingface", /^\/api\/models$/],
  ["search", "modelscope", /^\/openapi\/v1\/models$/],
  ["tree", "modelscope", /^\/api\/v1\/models\/(?<repo>[^/]+\/[^/]+)\/repo\/files$/],
  ["info", "modelscope", /^\/openapi\/v1\/models\/(?<repo>[^/]+\/[^/]+)$/],
  ["tree", "huggingface", /^\/api\/models\/(?<repo>[^/]+\/[^/]+)\/tree\/(?<revision>[^/]+)$/],
  ["info", "huggingface", /^\/api\/models\/(?<repo>[^/]+\/[^/]+)(?:\/revision\/(?<revision>[^/]+))?$/],
  ["cdn", "huggingface", /^\/cdn\/(?<repo>[^/]+\/[^/]+)\/(?<revision>[^/]+)\/(?<path>.+)$/],
  ["resolve", "modelscope", /^\/models\/(?<repo>[^/]+\/[^/]+)\/resolve\/(?<revision>[^/]+)\/(?<path>.+)$/],
  ["resolve", "huggingface", /^\/(?<repo>[^/]+\/[^/]+)\/resolve\/(?<revision>[^/]+)\/(?<path>.+)$/],
];

export function parseRoute(url: URL): Route {
  for (const [kind, api, pattern] of patterns) {
    const match = pattern.exec(url.pathname);
    if (!match) continue;
    const { repo = "", revision, path = "" } = match.groups ?? {};
    const asked = revision ?? url.searchParams.get("Revision") ?? "main";
    return { kind, api, repo: decode(repo), revision: decode(asked), path: decode(path) };
  }
  return { kind: "other", api: "huggingface", repo: "", revision: "", path: "" };
}

function decode(text: string): string {
  return text.split("/").map(decodeURIComponent).join("/");
}
