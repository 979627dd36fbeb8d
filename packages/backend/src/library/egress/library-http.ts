import type { HttpClient } from "@deskside/model-library";
import type { Egress } from "../../egress/index.ts";
import { readLocalFile } from "./file-client.ts";
import { hubCaller } from "./hub-door.ts";

/**
 * The library's requests through the app's one way out: decided, checked, recorded. Addresses of files, which only the
 * hub of a folder gives, are read from the disk; a server can never redirect to one.
 */
export function createLibraryHttp(egress: Egress): HttpClient {
  return {
    async request(asked) {
      if (asked.url.startsWith("file:")) return await readLocalFile(asked);
      const { url, token, headers = {}, method = "GET", totalTimeoutMs, signal, ...request } = asked;
      return await egress.request({
        ...{ url, method, headers, caller: hubCaller },
        ...{ purpose: request.purpose, maxResponseBytes: request.maxResponseBytes },
        ...(signal ? { signal } : {}),
        ...(totalTimeoutMs === undefined ? {} : { totalTimeoutMs }),
        ...(token === undefined ? {} : { credentials: credentialsFor(url, token) }),
      });
    },
  };
}

function credentialsFor(url: string, token: string) {
  return { headers: { authorization: `Bearer ${token}` }, forHost: URL.parse(url)?.hostname ?? "" };
}
