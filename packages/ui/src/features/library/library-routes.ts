import type { Route } from "../../app/routes.ts";

/** A place in the library. `entryId` is an entry of the catalogue, `repo` a repository on a hub. */
export type LibraryPlace =
  | { readonly tab: "discover"; readonly entryId: string | null; readonly repo: string | null }
  | { readonly tab: "installed" }
  | { readonly tab: "downloads" };

export type LibraryTab = LibraryPlace["tab"];
export const libraryTabs = ["installed", "discover", "downloads"] as const satisfies readonly LibraryTab[];

const entryPrefix = "model:";
const repoPrefix = "repo:";

export function libraryPlace(id: string | null): LibraryPlace {
  if (id === "installed" || id === "downloads") return { tab: id };
  const rest = (prefix: string) => (id?.startsWith(prefix) ? id.slice(prefix.length) : null);
  return { tab: "discover", entryId: rest(entryPrefix), repo: rest(repoPrefix) };
}

export function tabRoute(tab: LibraryTab): Route {
  return { section: "library", id: tab === "discover" ? null : tab };
}

export function entryRoute(entryId: string): Route {
  return { section: "library", id: `${entryPrefix}${entryId}` };
}

export function repoRoute(repo: string): Route {
  return { section: "library", id: `${repoPrefix}${repo}` };
}

/** Only discovering needs a list beside it; the other two are lists themselves. */
export function hasLibraryList(id: string | null): boolean {
  return libraryPlace(id).tab === "discover";
}
