import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useLayoutStore, useNavigationStore } from "../../app/client-context.tsx";
import { homeRoute, type Route, type Section } from "../../app/routes.ts";
import { useAppearance } from "../../app/appearance/use-appearance.ts";
import { useSetSetting } from "../../app/use-settings.ts";
import { useSystemEvents } from "../../app/use-system-events.ts";
import { useText } from "../../i18n/use-text.ts";
import { useShortcuts } from "../../keyboard/use-shortcuts.ts";
import { DisplayContext, Toaster } from "../../primitives/index.ts";
import { MachineStrip } from "../strip/machine-strip.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { focusNeighbourPane } from "./focus-pane.ts";
import { Notices } from "./notices/notices.tsx";
import { Rail } from "./rail.tsx";
import type { SectionTable } from "./section-panes.ts";
import { SidePane } from "./panes/side-pane.tsx";
import { TopBar } from "./top-bar.tsx";
import { SwitchDialog } from "./notices/switch-dialog.tsx";
import { useAlertToasts } from "./notices/use-alert-toasts.ts";
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
  useAlertToasts();
  const appearance = useAppearance();
  const mode = useWindowMode(appearance.zoom);
  const route = useNavigationStore((state) => state.route);
  const [overlay, setOverlay] = useState<Overlay>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { list, hasList, inspector } = sections[route.section];
  const panes = usePanes(route.section, mode, {
    list: list !== undefined && (hasList?.(route.id) ?? true),
    inspector: inspector !== undefined,
  });

  useCloseOverlayOnMove();
  useDocumentTitle(route.section);
  useFrameShortcuts({ ...panes, theme: appearance.theme, setOverlay });

  const openPalette = () => setOverlay({ kind: "palette", query: "" });
  return (
    <DisplayContext value={frame}>
      <div className="app" data-mode={mode}>
        <TopBar list={panes.list} inspector={panes.inspector} onSearch={openPalette} />
        <Rail current={route.section} />
        <div className="frame" ref={frame}>
          <Panes sections={sections} route={route} panes={panes} zoom={appearance.zoom} />
        </div>
        <MachineStrip />
        <Toaster />
        <SwitchDialog />
        <Overlays overlay={overlay} setOverlay={setOverlay} panes={panes} />
      </div>
    </DisplayContext>
  );
}

type PaneStates = ReturnType<typeof usePanes>;

/** The list, the content and the inspector of a section; a failure in one leaves the others. */
function Panes(props: { sections: SectionTable; route: Route; panes: PaneStates; zoom: number }) {
  const { sections, route, panes, zoom } = props;
  const { t } = useText();
  const { list: List, content: Content, inspector: Inspector } = sections[route.section];
  const place = `${route.section}/${route.id ?? ""}`;
  return (
    <>
      {List && (
        <SidePane
          pane="list"
          section={route.section}
          state={panes.list}
          zoom={zoom}
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
          zoom={zoom}
          label={t("shell.landmarks.inspector")}
        >
          <ErrorBoundary resetKey={place}>
            <Suspense fallback={null}>
              <Inspector id={route.id} />
            </Suspense>
          </ErrorBoundary>
        </SidePane>
      )}
    </>
  );
}

function Overlays(props: { overlay: Overlay; setOverlay: (overlay: Overlay) => void; panes: PaneStates }) {
  const { overlay, setOverlay, panes } = props;
  return (
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
