import type { WindowBridge } from "@deskside/contract/shell";
import { createContext, type ReactNode, useContext } from "react";
import { useStore } from "zustand";
import type { DiscoverState, DiscoverStore } from "../features/library/discover/discover-store.ts";
import type { DesksideClient } from "./client.ts";
import type { ConnectionState, ConnectionStore } from "./state/connection-store.ts";
import type { EnginesState, EngineStore } from "./state/engine-store.ts";
import type { LayoutState, LayoutStore } from "./state/layout-store.ts";
import type { NavigationState, NavigationStore } from "./state/navigation-store.ts";
import type { TelemetryState, TelemetryStore } from "./state/telemetry-store.ts";

/** What every part of the interface may reach: the backend, the shell it runs in, and the window's own state. */
export interface Deskside {
  readonly client: DesksideClient;
  /** Undefined in a browser. */
  readonly bridge: WindowBridge | undefined;
  readonly connection: ConnectionStore;
  readonly discover: DiscoverStore;
  readonly engines: EngineStore;
  readonly layout: LayoutStore;
  readonly navigation: NavigationStore;
  readonly telemetry: TelemetryStore;
}

const DesksideContext = createContext<Deskside | undefined>(undefined);

export function ClientProvider({ value, children }: { value: Deskside; children: ReactNode }) {
  return <DesksideContext value={value}>{children}</DesksideContext>;
}

export function useDeskside(): Deskside {
  const value = useContext(DesksideContext);
  if (!value) throw new Error("ClientProvider is missing above this component");
  return value;
}

/** The same object for the life of the window; calls while the connection is away fail with PEER_GONE. */
export function useClient(): DesksideClient {
  return useDeskside().client;
}

/** The shell the window runs in; undefined in a browser. */
export function useBridge(): WindowBridge | undefined {
  return useDeskside().bridge;
}

export function useConnectionStore<T>(selector: (state: ConnectionState) => T): T {
  return useStore(useDeskside().connection, selector);
}

export function useDiscoverStore<T>(selector: (state: DiscoverState) => T): T {
  return useStore(useDeskside().discover, selector);
}

export function useEngineStore<T>(selector: (state: EnginesState) => T): T {
  return useStore(useDeskside().engines, selector);
}

export function useLayoutStore<T>(selector: (state: LayoutState) => T): T {
  return useStore(useDeskside().layout, selector);
}

export function useNavigationStore<T>(selector: (state: NavigationState) => T): T {
  return useStore(useDeskside().navigation, selector);
}

export function useTelemetryStore<T>(selector: (state: TelemetryState) => T): T {
  return useStore(useDeskside().telemetry, selector);
}
