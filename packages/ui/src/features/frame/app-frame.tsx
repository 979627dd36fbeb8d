import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useLayoutStore, useNavigationStore } from "../../app/client-context.tsx";
import { homeRoute, type Section } from "../../app/routes.ts";
import { useAppearance } from "../../app/use-appearance.ts";
import { useSetSetting } from "../../app/use-settings.ts";
import { useSystemEvents } from "../../app/use-system-events.ts";
import { useText } from "../../i18n/use-text.ts";
import { useShortcuts } from "../../keyboard/use-shortcuts.ts";
import { DisplayContext, Toaster } from "../../primitives/index.ts";
import { MachineStrip } from "../strip/machine-strip.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { focusNeighbourPane } from "./focus-pane.ts";
import { Notices } from "./notices.tsx";
import { Rail } from "./rail.tsx";
import type { SectionTable } from "./section-panes.ts";
import { SidePane } from "./panes/side-pane.tsx";
import { TopBar } from "./top-bar.tsx";
import { usePanes } from "./use-panes.ts";
import { useWindowMode } from "./window-mode.ts";

const CommandPalette = lazy(async () => ({ default: (await import("../palette/index.ts")).CommandPalette }));
const ShortcutSheet = lazy(async () => ({
  default: (await import("../shortcuts/shortcut-sheet.tsx")).ShortcutSheet,
}));

type Overlay = { kind: "palette"; query: string } | { kind: "shortcuts" } | null;

/** The whole window: bezel, framed display with its panes, and the machine strip. */
export function AppFrame({ sections }: { sections: SectionTable }) {
  useSystemEvents();
  const { t } = useText();
  const appearance = useAppearance();
  const mode = useWindowMode(appearance.zoom);
  const route = useNavigationStore((state) => state.route);
  const [overlay, setOverlay] = useState<Overlay>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { list: List, content: Content, inspector: Inspector } = sections[route.section];
  const panes = usePanes(route.section, mode, { list: List !== undefined, inspector: Inspector !== undefined });

  useCloseOverlayOnMove();
  useDocumentTitle(route.section);
  useFrameShortcuts({ ...panes, theme: appearance.theme, setOverlay });

  const openPalette = () => setOverlay({ kind: "palette", query: "" });
  const place = `${route.section}/${route.id ?? ""}`;
  return (
    <DisplayContext value={frame}>
      <div className="app" data-mode={mode}>
        <TopBar list={panes.list} inspector={panes.inspector} onSearch={openPalette} />
        <Rail current={route.section} />
        <div className="frame" ref={frame}>
          {List && (
            <SidePane
              pane="list"
              section={route.section}
              state={panes.list}
              zoom={appearance.zoom}
              label={t(`shell.sections.${route.section}`)}
            >
              <ErrorBoundary resetKey={route.section}>
                <Suspense fallback={null}>
                  <List id={route.id} />
                </Suspense>
              </ErrorBoundary>
            </SidePane>
          )}
          <main className="main" data-pane="content" tabIndex={-1}>
            <Notices />
            <ErrorBoundary resetKey={place}>
              <Suspense fallback={null}>
                <Content id={route.id} />
              </Suspense>
            </ErrorBoundary>
          </main>
          {Inspector && (
            <SidePane
              pane="inspector"
              section={route.section}
              state={panes.inspector}
              zoom={appearance.zoom}
              label={t("shell.landmarks.inspector")}
            >
              <ErrorBoundary resetKey={place}>
                <Suspense fallback={null}>
                  <Inspector id={route.id} />
                </Suspense>
              </ErrorBoundary>
            </SidePane>
          )}
        </div>
        <MachineStrip />
        <Toaster />
        <Suspense fallback={null}>
          {overlay?.kind === "palette" && (
            <CommandPalette
              open
              initialQuery={overlay.query}
              onClose={() => setOverlay(null)}
              list={panes.list}
              inspector={panes.inspector}
              onShortcuts={() => setOverlay({ kind: "shortcuts" })}
            />
          )}
          {overlay?.kind === "shortcuts" && <ShortcutSheet open onClose={() => setOverlay(null)} />}
        </Suspense>
      </div>
    </DisplayContext>
  );
}

/** A pane that lies over the content has done its work once somebody went somewhere. */
function useCloseOverlayOnMove(): void {
  const route = useNavigationStore((state) => state.route);
  const setOverlay = useLayoutStore((state) => state.actions.setOverlay);
  useEffect(() => {
    if (route) setOverlay(null);
  }, [route, setOverlay]);
}

function useDocumentTitle(section: Section): void {
  const { t } = useText();
  const title = `${t(`shell.sections.${section}`)} — ${t("common.product")}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function useFrameShortcuts(
  deps: ReturnType<typeof usePanes> & { theme: "light" | "dark"; setOverlay: (overlay: Overlay) => void },
): void {
  const { list, inspector, theme, setOverlay } = deps;
  const { open, back, forward } = useNavigationStore((state) => state.actions);
  const set = useSetSetting();
  const go = (section: Section) => () => open({ section, id: null });
  useShortcuts({
    palette: () => setOverlay({ kind: "palette", query: "" }),
    switchModel: () => setOverlay({ kind: "palette", query: "@" }),
    sheet: () => setOverlay({ kind: "shortcuts" }),
    newChat: () => open(homeRoute),
    goChat: go("chat"),
    goLibrary: go("library"),
    goDocuments: go("documents"),
    goMonitor: go("monitor"),
    goSettings: go("settings"),
    theme: () => set("general.theme", theme === "dark" ? "light" : "dark"),
    toggleList: () => list.exists && list.toggle(),
    toggleInspector: () => inspector.exists && inspector.toggle(),
    nextPane: () => focusNeighbourPane(1),
    previousPane: () => focusNeighbourPane(-1),
    back,
    forward,
    focusSearch: () => focusListSearch(list.shown ? undefined : list.toggle),
  });
}

/** Opens the list first where it is closed; its field is there a frame later. */
function focusListSearch(openList: (() => void) | undefined): void {
  const focus = () => document.querySelector<HTMLElement>('[data-pane="list"] [role="searchbox"]')?.focus();
  if (!openList) return focus();
  openList();
  requestAnimationFrame(() => requestAnimationFrame(focus));
}
