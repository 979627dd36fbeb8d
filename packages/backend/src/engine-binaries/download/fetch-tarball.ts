export interface TarballRequest {
  readonly url: string;
  /** Where an interrupted download goes on; 0 = from the start. */
  readonly fromByte: number;
  /** More than this is never read. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface TarballAnswer extends Disposable {
  readonly status: number;
  /** First byte of the body: what `Content-Range` says for 206, else 0. */
  readonly startsAt: number;
  /** Throws when the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The way to the registry: the backend's egress in the app, plain fetch before anything of the app runs. */
export type FetchTarball = (request: TarballRequest) => Promise<TarballAnswer>;

/** First byte of `bytes 100-199/200`; NaN when it is something else. */
export function startOfRange(status: number, contentRange: string | null | undefined): number {
  if (status !== 206) return 0;
  return Number(/^bytes (\d+)-\d+\/(?:\d+|\*)$/.exec(contentRange ?? "")?.[1] ?? Number.NaN);
}

/**
 * Address of an archive as every npm registry serves it. Throws TypeError for a registry that is no http(s) address.
 */
export function tarballUrl(registry: string, name: string, version: string): string {
  const base = new URL(registry);
  if (base.protocol !== "https:" && base.protocol !== "http:")
    throw new TypeError(`the registry ${base.protocol} is not http`);
  base.search = "";
  base.hash = "";
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return new URL(`@node-llama-cpp/${name}/-/${name}-${version}.tgz`, base).href;
}
