import { describe, expect, it } from "vitest";
import { createLayoutStore, paneLimits } from "./layout-store.ts";

function memory(initial: Record<string, string> = {}) {
  const values = new Map(Object.entries(initial));
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

describe("layout-store", () => {
  it("keeps widths and open panes per section over a restart", () => {
    const storage = memory();
    const { actions } = createLayoutStore({ storage }).getState();
    actions.setWidth("chat", "list", 300);
    actions.setOpen("settings", "list", false);

    const { sections } = createLayoutStore({ storage }).getState();
    expect(sections.chat.listWidth).toBe(300);
    expect(sections.chat.listOpen).toBe(true);
    expect(sections.settings.listOpen).toBe(false);
    expect(sections.settings.listWidth).toBe(paneLimits.list.usual);
  });

  it("keeps panes within their limits, whatever a pointer says", () => {
    const store = createLayoutStore({ storage: memory() });
    const { actions } = store.getState();
    actions.setWidth("chat", "list", 9999);
    actions.setWidth("chat", "inspector", -1);
    expect(store.getState().sections.chat.listWidth).toBe(paneLimits.list.most);
    expect(store.getState().sections.chat.inspectorWidth).toBe(paneLimits.inspector.least);
  });

  it.each([
    ["no JSON", "{"],
    ["another version", JSON.stringify({ version: 99, sections: {} })],
    [
      "an impossible width",
      JSON.stringify({
        version: 1,
        sections: { chat: { listOpen: true, inspectorOpen: false, listWidth: 5, inspectorWidth: 328 } },
      }),
    ],
    ["something else", JSON.stringify([1, 2])],
  ])("starts with the defaults when the storage holds %s", (_name, stored) => {
    const store = createLayoutStore({ storage: memory({ "deskside.layout": stored }) });
    expect(store.getState().sections.chat.listWidth).toBe(paneLimits.list.usual);
  });

  it("goes on without a storage that is full or forbidden", () => {
    const store = createLayoutStore({
      storage: {
        getItem: () => {
          throw new Error("denied");
        },
        setItem: () => {
          throw new Error("quota");
        },
      },
    });
    store.getState().actions.setWidth("chat", "list", 240);
    expect(store.getState().sections.chat.listWidth).toBe(240);
  });

  it("never remembers a pane that lies over the content", () => {
    const storage = memory();
    createLayoutStore({ storage }).getState().actions.setOverlay("list");
    expect(createLayoutStore({ storage }).getState().overlay).toBeNull();
  });
});
