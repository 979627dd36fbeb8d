/** A file in a repository, as the hub's metadata describe it. */
export interface HubFile {
  /** Inside the repository, with `/`. Never absolute, never with `..`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hex of the whole file; null when the hub does not say. */
  readonly sha256: string | null;
}

/** A repository at one commit. */
export interface HubRevision {
  readonly repo: string;
  /** The commit, where the hub has commits; else what was asked for. Downloads are bound to it. */
  readonly revision: string;
  /** Terms must be accepted at the hub before files can be fetched. */
  readonly gated: boolean;
  readonly licence: string | null;
  readonly files: readonly HubFile[];
}

export interface HubSearchHit {
  readonly repo: string;
  readonly downloads: number | null;
  /** Milliseconds since 1970. */
  readonly updatedAt: number | null;
  readonly gated: boolean;
  readonly tags: readonly string[];
}

/** Where the bytes of a file can be had. */
export interface HubFileSource {
  readonly url: string;
  /** Id of the hub. */
  readonly name: string;
  readonly token?: string;
}

/**
 * A place that models come from. Errors: HUB_REPO_NOT_FOUND, HUB_GATED, HUB_UNAVAILABLE, HUB_RATE_LIMITED,
 * HUB_ANSWER_INVALID, and those of the HTTP client.
 */
export interface Hub {
  /** Shown to people and recorded as the source: `huggingface`, `modelscope`, or the host of a mirror. */
  readonly id: string;
  readonly kind: "huggingface" | "modelscope" | "url" | "folder";
  /** Without a slash at the end. Empty for a folder. */
  readonly baseUrl: string;
  search(query: string, options: { limit: number; signal?: AbortSignal }): Promise<readonly HubSearchHit[]>;
  describe(repo: string, options?: { revision?: string; signal?: AbortSignal }): Promise<HubRevision>;
  fileUrl(repo: string, revision: string, path: string): string;
  /** The same with the name for people, and the token when this hub may have it. */
  fileSource(repo: string, revision: string, path: string): HubFileSource;
}
