import { useEffect } from "react";
import { useLayoutStore } from "../../app/client-context.tsx";
import type { Section } from "../../app/routes.ts";
import type { Pane } from "../../app/state/layout-store.ts";
import type { WindowMode } from "./window-mode.ts";

export interface PaneState {
  /** False where the section has no such pane: its toggle is off. */
  readonly exists: boolean;
  readonly shown: boolean;
  /** It lies over the content instead of beside it. */
  readonly overlay: boolean;
  toggle(): void;
  close(): void;
}

/** Which side panes are there, shown, and how, in this section at this width. */
export function usePanes(
  section: Section,
  mode: WindowMode,
  exists: Readonly<Record<Pane, boolean>>,
): Readonly<Record<Pane, PaneState>> {
  const layout = useLayoutStore((state) => state.sections[section]);
  const overlay = useLayoutStore((state) => state.overlay);
  const actions = useLayoutStore((state) => state.actions);
  const listOverlay = mode === "narrow" || mode === "single";
  const inspectorOverlay = mode !== "wide";

  useEffect(() => {
    if (!listOverlay) actions.setOverlay(null);
  }, [listOverlay, actions]);

  const pane = (name: Pane, over: boolean, open: boolean): PaneState => {
    const shown = exists[name] && (over ? overlay === name : open);
    const set = (next: boolean) =>
      over ? actions.setOverlay(next ? name : null) : actions.setOpen(section, name, next);
    return { exists: exists[name], shown, overlay: over, toggle: () => set(!shown), close: () => set(false) };
  };
  return {
    list: pane("list", listOverlay, layout.listOpen),
    inspector: pane("inspector", inspectorOverlay, layout.inspectorOpen),
  };
}
