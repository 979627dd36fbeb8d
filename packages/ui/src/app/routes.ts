export const sections = ["chat", "library", "documents", "monitor", "settings"] as const;
export type Section = (typeof sections)[number];

/** A place in the interface. `id` is a chat or a settings section. */
export interface Route {
  readonly section: Section;
  readonly id: string | null;
}

export const homeRoute: Route = { section: "chat", id: null };

/** `#/chat/<id>` → route; null for what is no place. */
export function parseRoute(hash: string): Route | null {
  const [, name = "", rawId = ""] = /^#\/([a-z]+)(?:\/([^/]*))?\/?$/.exec(hash) ?? [];
  const section = sections.find((known) => known === name);
  if (!section) return null;
  try {
    return { section, id: rawId === "" ? null : decodeURIComponent(rawId) };
  } catch {
    return null;
  }
}

export function formatRoute(route: Route): string {
  return `#/${route.section}${route.id === null ? "" : `/${encodeURIComponent(route.id)}`}`;
}
