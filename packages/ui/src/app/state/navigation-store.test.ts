import { afterEach, describe, expect, it } from "vitest";
import { formatRoute, parseRoute } from "../routes.ts";
import { createNavigationStore, type NavigationStore } from "./navigation-store.ts";

/** A window with a history as browsers have it; happy-dom does not travel. */
function fakeWindow(hash = "") {
  const entries: { hash: string; state: unknown }[] = [{ hash, state: null }];
  let at = 0;
  const listeners = new Set<() => void>();
  const values = new Map<string, string>();
  const travel = (step: number) => {
    if (!entries[at + step]) return;
    at += step;
    for (const listener of listeners) listener();
  };
  const host = {
    location: {
      get hash() {
        return entries[at]?.hash ?? "";
      },
    },
    history: {
      get state() {
        return entries[at]?.state ?? null;
      },
      replaceState: (state: unknown, _title: string, url: string) => void (entries[at] = { hash: url, state }),
      pushState(state: unknown, _title: string, url: string) {
        entries.splice(at + 1);
        entries.push({ hash: url, state });
        at++;
      },
      back: () => travel(-1),
      forward: () => travel(1),
    },
    sessionStorage: {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
    },
    addEventListener: (_name: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_name: string, listener: () => void) => void listeners.delete(listener),
  };
  return {
    window: host as unknown as Window,
    listeners,
    /** A plain link, or an address typed by hand. */
    followLink(next: string) {
      entries.splice(at + 1);
      entries.push({ hash: next, state: null });
      travel(1);
    },
  };
}

const stores: NavigationStore[] = [];
function open(host: ReturnType<typeof fakeWindow>) {
  const store = createNavigationStore({ window: host.window });
  stores.push(store);
  return store;
}
afterEach(() => {
  for (const store of stores.splice(0)) store[Symbol.dispose]();
});

const arrows = (store: NavigationStore) => [store.getState().canGoBack, store.getState().canGoForward];

describe("navigation-store", () => {
  it("shows Chat for an empty or foreign address", () => {
    expect(open(fakeWindow()).getState().route).toEqual({ section: "chat", id: null });
    expect(open(fakeWindow("#/nowhere")).getState().route.section).toBe("chat");
  });

  it("lights the arrows only where there is somewhere to go", () => {
    const store = open(fakeWindow());
    const { actions } = store.getState();
    expect(arrows(store)).toEqual([false, false]);
    actions.open({ section: "library", id: null });
    expect(arrows(store)).toEqual([true, false]);
    actions.back();
    expect(store.getState().route.section).toBe("chat");
    expect(arrows(store)).toEqual([false, true]);
    actions.forward();
    actions.back();
    actions.open({ section: "monitor", id: null });
    expect(arrows(store)).toEqual([true, false]);
  });

  it("knows its place after a reload in the middle of the history", () => {
    const host = fakeWindow();
    const before = open(host);
    before.getState().actions.open({ section: "library", id: null });
    before.getState().actions.back();
    expect(arrows(open(host))).toEqual([false, true]);
  });

  it("counts plain links, and drops what was ahead of them", () => {
    const host = fakeWindow();
    const store = open(host);
    store.getState().actions.open({ section: "library", id: null });
    store.getState().actions.back();
    host.followLink("#/settings/about");
    expect(store.getState().route).toEqual({ section: "settings", id: "about" });
    expect(arrows(store)).toEqual([true, false]);
  });

  it("does not add a step for where it already is, nor for a replacement", () => {
    const store = open(fakeWindow("#/chat"));
    const { actions } = store.getState();
    actions.open({ section: "chat", id: null });
    actions.replace({ section: "chat", id: "chat_1" });
    expect(arrows(store)).toEqual([false, false]);
    expect(store.getState().route.id).toBe("chat_1");
  });

  it("stops listening when it is disposed of", () => {
    const host = fakeWindow();
    const store = createNavigationStore({ window: host.window });
    store[Symbol.dispose]();
    expect(host.listeners.size).toBe(0);
  });
});

describe("routes", () => {
  it("survive any id", () => {
    const route = { section: "chat", id: "a/b c%你" } as const;
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it.each(["#/chat/%E0%A4%A", "#/chat/a/b", "#chat", "", "#/Chat"])("refuse %s instead of throwing", (hash) => {
    expect(parseRoute(hash)).toBeNull();
  });
});
