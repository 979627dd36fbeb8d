import { deskError, type HubToken } from "@deskside/contract";
import { localUser, type HubTokenRepository } from "@deskside/storage";
import { isThisComputer } from "../../egress/index.ts";
import { hubAddress } from "../hubs/choose-hubs.ts";

/** Tokens of hubs. What is read here goes into a request to its host and nowhere else. */
export interface HubTokens {
  list(): HubToken[];
  /** Throws INVALID_INPUT for a host that is none. */
  set(host: string, token: string): HubToken;
  /** Throws HUB_TOKEN_NOT_FOUND. */
  remove(host: string): void;
  /**
   * The token for a URL: only of the very host it was kept for, over https or on this computer. Null for every other:
   * mirrors, and the hosts that a hub sends on to.
   */
  tokenFor(url: string): string | null;
}

/** HF_TOKEN is for this host, as for the hub's own programs; a token that is kept here goes before it. */
const environmentHost = "huggingface.co";

export function createHubTokens(deps: {
  readonly repository: HubTokenRepository;
  readonly env: Readonly<Record<string, string | undefined>>;
}): HubTokens {
  const { repository, env } = deps;
  const fromEnvironment = () => env["HF_TOKEN"]?.trim() || null;
  const list = (): HubToken[] => {
    const kept = repository.list(localUser).map(({ host, token, savedAt }) => shown(host, token, savedAt));
    const token = fromEnvironment();
    const isHidden = token === null || kept.some(({ host }) => host === environmentHost);
    return isHidden ? kept : [...kept, shown(environmentHost, token, null)];
  };
  return {
    list,
    set(text, token) {
      const host = readHost(text);
      repository.set(localUser, host, token);
      const kept = list().find((each) => each.host === host);
      if (!kept) throw new Error("a token that was kept is not there");
      return kept;
    },
    remove(text) {
      const host = readHost(text);
      if (!repository.remove(localUser, host)) throw deskError("HUB_TOKEN_NOT_FOUND", { host });
    },
    tokenFor(text) {
      const url = URL.parse(text);
      if (!url || !mayCarryToken(url)) return null;
      const kept = repository.list(localUser).find(({ host }) => host === url.host);
      return kept?.token ?? (url.host === environmentHost ? fromEnvironment() : null);
    },
  };
}

/** A short token would be half told by its last four characters. */
const showsFrom = 12;

function shown(host: string, token: string, savedAt: number | null): HubToken {
  return { host, lastFour: token.length < showsFrom ? "" : token.slice(-4), savedAt };
}

function mayCarryToken({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isThisComputer(hostname.replace(/^\[|\]$/g, "")));
}

/** `host` or `host:port` as a URL has it, of a hub's id, its address, or a host as people write it. */
function readHost(text: string): string {
  const address = hubAddress(text.trim());
  const url = address === null ? null : URL.parse(address);
  if (!url) {
    const message = "must be a hub, or its host such as huggingface.co";
    throw deskError("INVALID_INPUT", { issues: [{ path: "host", message }] }, { message });
  }
  if (!mayCarryToken(url)) {
    const message = "a token is sent over https only, or to this computer";
    throw deskError("INVALID_INPUT", { issues: [{ path: "host", message }] }, { message });
  }
  return url.host;
}
