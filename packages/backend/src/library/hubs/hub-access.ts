import { isDesksideError } from "@deskside/base";
import type { HubInfo } from "@deskside/contract";
import {
  createFolderHub,
  createHuggingFaceHub,
  createModelScopeHub,
  createUrlHub,
  type HttpClient,
  type Hub,
  type HubRevision,
} from "@deskside/model-library";
import { hostRule } from "./host-rule.ts";
import type { HostRule } from "../../egress/egress-policy.ts";
import type { HubDoor } from "../egress/hub-door.ts";
import { configuredHubs, findHub, type HubSettings, isFileAddress } from "./choose-hubs.ts";

export interface HubAccessDeps {
  readonly http: HttpClient;
  readonly door: HubDoor;
  readonly settings: () => HubSettings;
  /** Hosts in private networks that a configured hub may hand files out from. */
  readonly redirectsTo: () => readonly HostRule[];
}

/** A hub and where it is: its base address, that of a single file, or a folder. */
export interface PlacedHub {
  readonly hub: Hub;
  readonly address: string;
}

export interface Described extends PlacedHub {
  readonly revision: HubRevision;
  /** The others that may have the same files, in the order of the settings. */
  readonly mirrors: readonly PlacedHub[];
}

export interface RepositoryQuestion {
  readonly repo: string;
  readonly revision: string | null;
  /** Id or base address; null = those of the settings. */
  readonly hub: string | null;
}

/** Hubs, with the way out open to them for as long as a question takes. */
export interface HubAccess {
  /** With the first hub that answers. Throws what the last of them failed with. */
  describe(question: RepositoryQuestion, signal?: AbortSignal): Promise<Described>;
  place(info: HubInfo): PlacedHub;
  ask<T>(hub: string | null, question: (hub: Hub) => Promise<T>): Promise<T>;
  /** For reading the head of a file. */
  readonly http: HttpClient;
  /** @param fileHosts `host` or `host:port` in private networks, beside those of the settings */
  openDoor(addresses: readonly string[], fileHosts?: readonly string[]): Disposable;
}

export function createHubAccess(deps: HubAccessDeps): HubAccess {
  const { http, door, settings, redirectsTo } = deps;
  const openDoor = (addresses: readonly string[], fileHosts: readonly string[] = []) =>
    door.open(addresses, [...redirectsTo(), ...fileHosts.flatMap(hostRule)]);
  const named = (hub: string | null) => (hub === null ? configuredHubs(settings()) : [findHub(hub, settings())]);

  /** The first that can answer: a hub that is blocked or down is passed over, one that says no is believed. */
  async function firstOf<T>(hubs: readonly PlacedHub[], question: (hub: PlacedHub) => Promise<T>): Promise<T> {
    const [first, ...others] = hubs;
    if (!first) throw new Error("no hub is configured");
    try {
      using _door = openDoor([first.address]);
      return await question(first);
    } catch (error) {
      if (others.length === 0 || !isUnreachable(error)) throw error;
      return await firstOf(others, question);
    }
  }

  return {
    http,
    openDoor,
    place: (info) => placeHub(info, http),
    ask: (hub, question) =>
      firstOf(
        named(hub).map((info) => placeHub(info, http)),
        (asked) => question(asked.hub),
      ),
    async describe({ repo, revision, hub }, signal) {
      const all = isFileAddress(repo)
        ? [{ hub: createUrlHub({ http }), address: repo }]
        : named(hub).map((info) => placeHub(info, http));
      const options = { ...(revision === null ? {} : { revision }), ...(signal ? { signal } : {}) };
      return await firstOf(all, async (answering) => ({
        ...answering,
        revision: await answering.hub.describe(repo, options),
        mirrors: all.filter((each) => each !== answering && each.hub.kind === answering.hub.kind),
      }));
    },
  };
}

/** What a revision is called at a hub of this kind; null = its newest. ModelScope has no commits, and they fit nowhere else. */
export function revisionAt(kind: Hub["kind"], revision: string): string | null {
  return kind !== "modelscope" && /^[0-9a-f]{40}$/.test(revision) ? revision : null;
}

function placeHub({ kind, baseUrl }: HubInfo, http: HttpClient): PlacedHub {
  const address = baseUrl;
  if (kind === "modelscope") return { hub: createModelScopeHub({ http, baseUrl }), address };
  if (kind === "folder") return { hub: createFolderHub({ folder: baseUrl }), address };
  return { hub: createHuggingFaceHub({ http, baseUrl }), address };
}

const unreachable = ["HUB_UNAVAILABLE", "HUB_RATE_LIMITED", "HUB_ANSWER_INVALID", "EGRESS_FAILED", "PROXY_REFUSED"];

function isUnreachable(error: unknown): boolean {
  if (!isDesksideError(error)) return false;
  return unreachable.includes(error.code) || (error.code === "EGRESS_BLOCKED" && error.data["reason"] === "unresolved");
}
