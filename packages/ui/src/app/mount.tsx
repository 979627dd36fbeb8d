import type { WindowBridge } from "@deskside/contract/shell";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../styles/index.css";
import { AppFrame } from "../features/frame/app-frame.tsx";
import { createDiscoverStore } from "../features/library/discover/discover-store.ts";
import type { SectionTable } from "../features/frame/section-panes.ts";
import { createI18n } from "../i18n/create-i18n.ts";
import { resolveLanguage } from "../i18n/languages.ts";
import { applyAppearance } from "./appearance/apply-appearance.ts";
import type { Connect } from "./client.ts";
import { keepConnected } from "./connection/keep-connected.ts";
import { createSwitchboard } from "./connection/switchboard.ts";
import { createQueryClient, DesksideProviders } from "./providers.tsx";
import { sectionTable } from "./sections.tsx";
import { createConnectionStore } from "./state/connection-store.ts";
import { createEngineStore } from "./state/engine-store.ts";
import { createLayoutStore } from "./state/layout-store.ts";
import { createNavigationStore } from "./state/navigation-store.ts";
import { createTelemetryStore } from "./state/telemetry-store.ts";
import { recallAppearance } from "./appearance/use-appearance.ts";

export interface MountOptions {
  /** Opens one connection; called again, with growing pauses, after each `closed`. */
  connect: Connect;
  /** Absent in a browser. */
  bridge?: WindowBridge;
  /** For a page that shows only some sections. */
  sections?: Partial<SectionTable>;
}

/** Draws the interface into `element` and keeps it connected. What it returns takes it away again. */
export function mountDeskside(element: HTMLElement, options: MountOptions): Disposable {
  const recalled = recallAppearance();
  const root = document.documentElement;
  applyAppearance(root, recalled ?? firstAppearance());
  const i18n = createI18n(recalled?.language ?? resolveLanguage("system", navigator.languages));

  const controller = new AbortController();
  const switchboard = createSwitchboard();
  const connection = createConnectionStore();
  const navigation = createNavigationStore({ window });
  const deskside = {
    client: switchboard.client,
    bridge: options.bridge,
    connection,
    discover: createDiscoverStore(),
    engines: createEngineStore(),
    layout: createLayoutStore({ storage: localStorage }),
    navigation,
    telemetry: createTelemetryStore(),
  };
  void keepConnected(
    { connect: options.connect, switchboard, connection, report: (error) => console.warn("No connection", error) },
    { signal: controller.signal },
  );

  const view = createRoot(element);
  view.render(
    <StrictMode>
      <DesksideProviders deskside={deskside} queries={createQueryClient()} i18n={i18n}>
        <AppFrame sections={{ ...sectionTable, ...options.sections }} />
      </DesksideProviders>
    </StrictMode>,
  );
  return {
    [Symbol.dispose]() {
      view.unmount();
      controller.abort();
      navigation[Symbol.dispose]();
    },
  };
}

function firstAppearance() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const language = resolveLanguage("system", navigator.languages);
  return { theme: dark ? "dark" : "light", language, density: "comfortable", zoom: 100 } as const;
}
