import { createFakeClient, type FakeClient, type FakeControls } from "@deskside/testing/fake-client";
import type { QueryClient } from "@tanstack/react-query";
import { cleanup, type RenderResult, render } from "@testing-library/react";
import type { i18n } from "i18next";
import type { ReactElement } from "react";
import { afterEach } from "vitest";
import type { Deskside } from "../app/client-context.tsx";
import { createQueryClient, DesksideProviders } from "../app/providers.tsx";
import { createConnectionStore } from "../app/state/connection-store.ts";
import { createEngineStore } from "../app/state/engine-store.ts";
import { createLayoutStore } from "../app/state/layout-store.ts";
import { createNavigationStore } from "../app/state/navigation-store.ts";
import { createTelemetryStore } from "../app/state/telemetry-store.ts";
import { createDiscoverStore } from "../features/library/discover/discover-store.ts";
import { createI18n } from "../i18n/create-i18n.ts";
import type { Language } from "../i18n/languages.ts";

export interface RenderOptions {
  fake?: FakeClient;
  language?: Language;
  bridge?: Deskside["bridge"];
  hash?: string;
}

export interface Rendered extends Omit<RenderResult, "queries"> {
  deskside: Deskside;
  queries: QueryClient;
  i18n: i18n;
  client: Deskside["client"];
  controls: FakeControls;
}

/** Draws a component with everything above it that the window has, on a backend in memory. */
export function renderDeskside(ui: ReactElement, options: RenderOptions = {}): Rendered {
  const fake = options.fake ?? createFakeClient();
  window.location.hash = options.hash ?? "#/chat";
  const deskside: Deskside = {
    client: fake.client,
    bridge: options.bridge,
    connection: createConnectionStore(),
    discover: createDiscoverStore(),
    engines: createEngineStore(),
    layout: createLayoutStore({ storage: window.localStorage }),
    navigation: createNavigationStore({ window }),
    telemetry: createTelemetryStore(),
  };
  deskside.connection.getState().actions.opened();
  deskside.engines.getState().actions.replace(fake.controls.world.engines);
  const queries = createQueryClient();
  const words = createI18n(options.language ?? "en");
  const view = render(
    <DesksideProviders deskside={deskside} queries={queries} i18n={words}>
      {ui}
    </DesksideProviders>,
  );
  return { ...view, deskside, queries, i18n: words, client: fake.client, controls: fake.controls };
}

afterEach(() => {
  cleanup();
  window.localStorage.clear();
  window.sessionStorage.clear();
});
