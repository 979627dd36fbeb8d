import { type ReactNode, useEffect, useRef } from "react";
import { useLayoutStore } from "../../../app/client-context.tsx";
import type { Section } from "../../../app/routes.ts";
import type { Pane } from "../../../app/state/layout-store.ts";
import { useText } from "../../../i18n/use-text.ts";
import { classNames } from "../../../primitives/index.ts";
import { focusInside } from "../focus-pane.ts";
import { PaneResizer } from "./pane-resizer.tsx";
import type { PaneState } from "../use-panes.ts";

export interface SidePaneProps {
  pane: Pane;
  section: Section;
  state: PaneState;
  zoom: number;
  label: string;
  children: ReactNode;
}

/** The list or the inspector: beside the content, or over it in a narrow window (then Esc and a click outside close it). */
export function SidePane({ pane, section, state, zoom, label, children }: SidePaneProps) {
  const { t } = useText();
  const width = useLayoutStore((layout) => layout.sections[section][pane === "list" ? "listWidth" : "inspectorWidth"]);
  const setWidth = useLayoutStore((layout) => layout.actions.setWidth);
  const element = useRef<HTMLElement>(null);
  const over = state.shown && state.overlay;
  useEffect(() => {
    if (!over) return;
    const before = document.activeElement;
    if (element.current) focusInside(element.current);
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [over]);
  if (!state.shown) return null;
  return (
    <>
      {over && (
        <button
          type="button"
          className="scrim pane-scrim"
          aria-label={t("shell.panes.closeOverlay")}
          tabIndex={-1}
          onClick={state.close}
        />
      )}
      <aside
        ref={element}
        className={classNames(pane === "list" ? "list" : "insp", state.overlay && "over")}
        aria-label={label}
        data-pane={pane}
        tabIndex={-1}
        style={{ width }}
        onKeyDown={(event) => {
          if (!over || event.key !== "Escape" || event.defaultPrevented) return;
          event.preventDefault();
          state.close();
        }}
      >
        {children}
        {!state.overlay && (
          <PaneResizer
            pane={pane}
            label={t(pane === "list" ? "shell.panes.resizeList" : "shell.panes.resizeInspector")}
            width={width}
            zoom={zoom}
            onResize={(next) => setWidth(section, pane, next)}
          />
        )}
      </aside>
    </>
  );
}
