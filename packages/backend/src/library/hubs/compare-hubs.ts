import type { HubComparison, HubInfo, HubSpeed } from "@deskside/contract";
import { chooseFiles, compareSpeeds, type SourceSpeed } from "@deskside/model-library";
import { hubName, listHubs, readWish } from "./choose-hubs.ts";
import { type HubAccess, type PlacedHub, revisionAt } from "./hub-access.ts";

export interface ComparisonQuestion {
  readonly repo: string;
  readonly revision: string | null;
  readonly file: string | null;
}

/** Fetches the start of one file from every hub, one after another. Throws what `describe` throws, and the signal's reason. */
export async function compareHubs(
  asked: ComparisonQuestion,
  { hubs, settings }: { readonly hubs: HubAccess; readonly settings: { hubs(): Parameters<typeof listHubs>[0] } },
  signal: AbortSignal | undefined,
): Promise<HubComparison> {
  const question = readWish({ ...asked, hub: null });
  const { revision } = await hubs.describe(question, signal);
  const [file] = chooseFiles(revision, question.file).files;
  const path = file?.path ?? "";
  const places = listHubs(settings.hubs()).filter(isInNetwork).map(hubs.place);
  using _door = hubs.openDoor(places.map(({ address }) => address));
  const sources = places.map(({ hub }) =>
    hub.fileSource(revision.repo, revisionAt(hub.kind, revision.revision) ?? defaultBranch(hub.kind), path),
  );
  const speeds = await compareSpeeds(hubs.http, sources, signal ? { signal } : {});
  const first = speeds.find(({ sha256 }) => sha256 !== null)?.sha256 ?? null;
  return {
    ...{ repo: revision.repo, file: path },
    speeds: speeds.flatMap((speed, index) => {
      const place = places[index];
      return place ? [speedOf(place, speed, first)] : [];
    }),
  };
}

function speedOf({ hub, address }: PlacedHub, speed: SourceSpeed, first: string | null): HubSpeed {
  const { bytesPerSecond, receivedBytes, sha256, error } = speed;
  const data = error?.toData() ?? null;
  return {
    ...{ hub: hubName(hub.id, address), bytesPerSecond, receivedBytes },
    sameFile: sha256 === null ? null : sha256 === first,
    error: data && { ...data, data: { ...data.data } },
  };
}

function isInNetwork({ kind }: HubInfo): boolean {
  return kind === "huggingface" || kind === "modelscope";
}

function defaultBranch(kind: string): string {
  return kind === "modelscope" ? "master" : "main";
}
