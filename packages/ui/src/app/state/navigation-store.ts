import { createStore, type StoreApi } from "zustand/vanilla";
import { formatRoute, homeRoute, parseRoute, type Route } from "../routes.ts";

export interface NavigationState {
  route: Route;
  canGoBack: boolean;
  canGoForward: boolean;
  actions: {
    open(route: Route): void;
    /** Changes where we are without a step in the history, e.g. when a new chat gets its id. */
    replace(route: Route): void;
    back(): void;
    forward(): void;
  };
}

export type NavigationStore = StoreApi<NavigationState> & Disposable;

const depthKey = "deskside.depth";

/**
 * Hash routes on the window's own history. Each entry knows its place in the row, and the session how long the row is:
 * that is how the arrows know whether there is anywhere to go, after a reload too.
 */
export function createNavigationStore(deps: { window: Window }): NavigationStore {
  const { window: host } = deps;
  const { history, location, sessionStorage } = host;

  const placeOf = (): number | null => {
    const place = (history.state as { place?: unknown } | null)?.place;
    return typeof place === "number" ? place : null;
  };
  const lastPlace = () => Number(sessionStorage.getItem(depthKey) ?? "0") || 0;
  const stamp = (place: number) => history.replaceState({ place }, "", location.hash || formatRoute(homeRoute));

  const read = () => {
    const place = placeOf() ?? 0;
    const route = parseRoute(location.hash) ?? homeRoute;
    return { route, canGoBack: place > 0, canGoForward: place < lastPlace() };
  };
  const push = (route: Route) => {
    const place = (placeOf() ?? 0) + 1;
    history.pushState({ place }, "", formatRoute(route));
    sessionStorage.setItem(depthKey, String(place));
  };

  if (placeOf() === null) {
    stamp(0);
    sessionStorage.setItem(depthKey, "0");
  }
  const store = createStore<NavigationState>((set, get) => ({
    ...read(),
    actions: {
      open(route) {
        if (formatRoute(route) === formatRoute(get().route)) return;
        push(route);
        set(read());
      },
      replace(route) {
        history.replaceState({ place: placeOf() ?? 0 }, "", formatRoute(route));
        set(read());
      },
      back: () => history.back(),
      forward: () => history.forward(),
    },
  }));

  let current = placeOf() ?? 0;
  const onMove = () => {
    // An address typed by hand, or a plain link: a new entry that has no place yet, and ends the row.
    if (placeOf() === null) {
      stamp(current + 1);
      sessionStorage.setItem(depthKey, String(current + 1));
    }
    store.setState(read());
  };
  const stopFollowing = store.subscribe(() => {
    current = placeOf() ?? current;
  });
  host.addEventListener("popstate", onMove);
  return {
    ...store,
    [Symbol.dispose]() {
      stopFollowing();
      host.removeEventListener("popstate", onMove);
    },
  };
}
