import { deskError } from "@deskside/contract";

export interface RefusedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Start of the body, for logs. */
  readonly text: string;
  /** A token was sent. */
  readonly signedIn: boolean;
}

export interface AskedFor {
  readonly hub: string;
  readonly repo: string;
  readonly revision: string;
  /** Null: the repository itself. */
  readonly path: string | null;
  /** Where the terms of the repository are. */
  readonly pageUrl: string;
}

/**
 * What a refusal of the Hugging Face hub means: `X-Error-Code` says it, and a stranger gets 401 for a repository that
 * does not exist, as for a private one (huggingface_hub, `utils/_http.py`). ModelScope and mirrors fit the same rules.
 */
export function hubFailure({ status, headers, text, signedIn }: RefusedAnswer, asked: AskedFor): Error {
  const { hub, repo, revision, path, pageUrl } = asked;
  const code = headers["x-error-code"];
  const { host } = new URL(pageUrl);
  const gated = () => deskError("HUB_GATED", { repo, hub, url: pageUrl, host, signedIn });
  const message = (headers["x-error-message"] ?? text).slice(0, 300);
  // A token that is wrong or has run out says nothing about the repository.
  if (status === 401 && signedIn) return deskError("HUB_TOKEN_REFUSED", { hub, host });
  if (code === "GatedRepo") return gated();
  if (code === "EntryNotFound" && path !== null) return fileNotFound(repo, path);
  if (code === "RevisionNotFound") return deskError("HUB_REPO_NOT_FOUND", { repo: `${repo}@${revision}`, hub });
  if (code === "RepoNotFound") return deskError("HUB_REPO_NOT_FOUND", { repo, hub });
  if (status === 401 && !/invalid credentials/i.test(message)) return deskError("HUB_REPO_NOT_FOUND", { repo, hub });
  if (status === 403) return gated();
  if (status === 404 && path !== null) return fileNotFound(repo, path);
  if (status === 404) return deskError("HUB_REPO_NOT_FOUND", { repo, hub });
  return deskError("HUB_UNAVAILABLE", { hub, status, detail: message });
}

function fileNotFound(repo: string, wanted: string): Error {
  return deskError("HUB_FILE_NOT_FOUND", { repo, wanted, nearest: [] });
}
