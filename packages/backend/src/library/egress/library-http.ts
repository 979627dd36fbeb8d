import type { HttpClient } from "@deskside/model-library";
import type { Egress } from "../../egress/index.ts";
import type { HubTokens } from "../tokens/hub-tokens.ts";
import { readLocalFile } from "./file-client.ts";
import { hubCaller } from "./hub-door.ts";

/**
 * The library's requests through the app's one way out: decided, checked, recorded. Addresses of files, which only the
 * hub of a folder gives, are read from the disk; a server can never redirect to one. A token is looked up for each
 * request, so none lies in a queue or in a journal.
 */
export function createLibraryHttp(egress: Egress, tokens: Pick<HubTokens, "tokenFor"> | null = null): HttpClient {
  return {
    async request(asked) {
      if (asked.url.startsWith("file:")) return await readLocalFile(asked);
      const {
        url,
        token = tokens?.tokenFor(asked.url) ?? undefined,
        headers = {},
        method = "GET",
        totalTimeoutMs,
        signal,
        ...request
      } = asked;
      const response = await egress.request({
        ...{ url, method, headers, caller: hubCaller },
        ...{ purpose: request.purpose, maxResponseBytes: request.maxResponseBytes },
        ...(signal ? { signal } : {}),
        ...(totalTimeoutMs === undefined ? {} : { totalTimeoutMs }),
        ...(token === undefined ? {} : { credentials: credentialsFor(url, token) }),
      });
      return { ...response, signedIn: token !== undefined };
    },
  };
}

function credentialsFor(url: string, token: string) {
  return { headers: { authorization: `Bearer ${token}` }, forHost: URL.parse(url)?.hostname ?? "" };
}
