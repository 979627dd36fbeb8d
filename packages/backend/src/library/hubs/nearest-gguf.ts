import { findNearestGguf, foreignFormatOf, listGgufChoices, nearestQuantization } from "@deskside/model-library";
import type { Described, HubAccess } from "./hub-access.ts";

export interface NearestGguf {
  /** What the weights are that were asked for. */
  readonly format: string;
  /** The GGUF type that loses about as much. */
  readonly quantization: string;
  /** A repository of the same model as GGUF; null = the hub's search finds none. */
  readonly repo: string | null;
  /** It has just this type. */
  readonly hasType: boolean;
}

/** What runs here instead of a repository without GGUF; null for one that has some, or whose format says nothing. */
export async function findNearest(
  { hub, address, revision }: Described,
  hubs: HubAccess,
  signal: AbortSignal | undefined,
): Promise<NearestGguf | null> {
  if (listGgufChoices(revision).length > 0) return null;
  const format = foreignFormatOf(revision);
  const quantization = format && nearestQuantization(format);
  if (format === null || quantization === null) return null;
  using _door = hubs.openDoor([address]);
  const options = signal ? { signal } : {};
  // The search is a courtesy: without an answer the rest stands as it is.
  const repo = await findNearestGguf(hub, revision.repo, null, options).catch(() => null);
  const there = repo === null ? null : await hub.describe(repo, options).catch(() => null);
  signal?.throwIfAborted();
  const hasType = there !== null && listGgufChoices(there).some((choice) => choice.quantization === quantization);
  return { format, quantization, repo, hasType };
}
