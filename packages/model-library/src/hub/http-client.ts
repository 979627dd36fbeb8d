/**
 * The library's only way out. The backend gives its egress module in this shape, so that every request is decided,
 * recorded and bounded in one place; tests give a plain client.
 */
export interface HttpRequest {
  readonly url: string;
  /** Default: GET. */
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a bearer token, only to the host of `url`, never after a redirect to another. */
  readonly token?: string;
  readonly purpose: "hub" | "model-download";
  readonly maxResponseBytes: number;
  readonly totalTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse extends Disposable {
  readonly status: number;
  /** Lower-case names. Repeated headers are joined with a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Throws EGRESS_FAILED when the answer breaks off, stalls or is larger than allowed. */
  readonly body: AsyncIterable<Uint8Array>;
  /** After redirects. */
  readonly finalUrl: string;
  /** A token went with the request. */
  readonly signedIn?: boolean;
}

export interface HttpClient {
  /** Throws EGRESS_BLOCKED, EGRESS_FAILED or the signal's reason. An HTTP error status is an answer, not an error. */
  request(request: HttpRequest): Promise<HttpResponse>;
}
