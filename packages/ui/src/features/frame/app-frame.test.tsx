import { DesksideError } from "@deskside/base";
import { createFakeClient, type FakeControls, sampleTelemetry, sampleCollection } from "@deskside/testing/fake-client";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sectionTable } from "../../app/sections.tsx";
import { type RenderOptions, renderDeskside } from "../../test-support/render-deskside.tsx";
import { AppFrame } from "./app-frame.tsx";

// The chat section has its own tests; here stands a plain one, so that a failure is one of the frame.
const chat = {
  list: () => <input role="searchbox" aria-label="Search chats" />,
  content: ({ id }: { id: string | null }) => <h1>{id ?? "New chat"}</h1>,
  inspector: () => <p>Details</p>,
};

function renderFrame(options: RenderOptions = {}) {
  return renderDeskside(<AppFrame sections={{ ...sectionTable, chat }} />, options);
}

const press = (key: string, held: object = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...held });
const telemetry = (controls: FakeControls, patch = {}) => act(() => controls.setTelemetry(sampleTelemetry(patch)));
const locked = new DesksideError({ code: "SETTING_LOCKED", kind: "denied", data: { key: "general.theme" } });

function setWidth(width: number) {
  Object.defineProperty(window, "innerWidth", { value: width, configurable: true, writable: true });
}

beforeEach(() => setWidth(1440));
afterEach(() => {
  vi.useRealTimers();
  document.documentElement.removeAttribute("style");
});

describe("the frame", () => {
  it("has the landmarks that screen readers jump to", () => {
    renderFrame();
    for (const role of ["banner", "navigation", "main", "complementary", "contentinfo"]) {
      expect(screen.getByRole(role)).toBeTruthy();
    }
  });

  it("goes to a section by its key, back by the arrow, and lights the arrows only when they lead somewhere", async () => {
    renderFrame();
    const back = screen.getByRole<HTMLButtonElement>("button", { name: "Back" });
    expect(back.disabled).toBe(true);
    press("2", { altKey: true, code: "Digit2" });
    expect(await screen.findByRole("heading", { name: "Library" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Library" }).getAttribute("aria-current")).toBe("page");
    expect(back.disabled).toBe(false);
    expect(document.title).toBe("Library — Deskside");
  });

  it("does not take single keys from somebody who types", () => {
    renderFrame();
    screen.getByRole("searchbox").focus();
    press("?");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("shows no toggle as usable where there is no such pane", async () => {
    renderFrame({ hash: "#/monitor" });
    await screen.findByRole("heading", { name: "Monitor" });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Toggle list" }).disabled).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Toggle inspector" }).disabled).toBe(true);
  });

  it("has window buttons only in a shell that says it needs them", () => {
    const capabilities = { windowControls: true, nativeDialogs: true, revealInFolder: true, openExternal: true };
    const windowControl = vi.fn();
    const bridge = { capabilities, windowControl, requestPort: vi.fn(), pathOfFile: () => "", openExternal: vi.fn() };
    const { unmount } = renderFrame();
    expect(screen.queryByRole("button", { name: "Close window" })).toBeNull();
    unmount();
    renderFrame({ bridge });
    fireEvent.click(screen.getByRole("button", { name: "Close window" }));
    expect(windowControl).toHaveBeenCalledWith("close");
  });

  it("walks the panes with F6, the machine strip included, and back with Shift F6", () => {
    renderFrame();
    const paneOfFocus = () => document.activeElement?.closest<HTMLElement>("[data-pane]")?.dataset["pane"];
    const seen = Array.from({ length: 5 }, () => {
      press("F6");
      return paneOfFocus();
    });
    expect(seen).toEqual(["list", "content", "strip", "top", "rail"]);
    press("F6", { shiftKey: true });
    expect(paneOfFocus()).toBe("top");
  });

  it("keeps a failed view from taking the window with it", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const content = () => {
      throw new Error("broken on purpose");
    };
    renderDeskside(<AppFrame sections={{ ...sectionTable, chat: { content } }} />);
    expect(screen.getByRole("alert").textContent).toContain("This view failed");
    expect(screen.getByRole("contentinfo")).toBeTruthy();
  });
});

describe("panes", () => {
  it("toggle by key and by button, each section for itself", () => {
    const { deskside } = renderFrame();
    expect(screen.queryByText("Details")).toBeNull();
    press("i", { ctrlKey: true });
    expect(screen.getByText("Details")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Toggle list" }));
    expect(screen.queryByRole("searchbox")).toBeNull();
    expect(deskside.layout.getState().sections.settings.listOpen).toBe(true);
  });

  it("resize by arrow keys within their limits", () => {
    renderFrame();
    const edge = screen.getByRole("separator", { name: "Width of the list" });
    fireEvent.keyDown(edge, { key: "ArrowRight" });
    expect(edge.getAttribute("aria-valuenow")).toBe("280");
    fireEvent.keyDown(edge, { key: "End" });
    fireEvent.keyDown(edge, { key: "ArrowRight" });
    expect(edge.getAttribute("aria-valuenow")).toBe("360");
    fireEvent.doubleClick(edge);
    expect(edge.getAttribute("aria-valuenow")).toBe("264");
  });

  it("lie over the content in a narrow window, take the focus, and give it back on Esc", () => {
    setWidth(960);
    renderFrame();
    expect(screen.queryByRole("searchbox")).toBeNull();
    const toggle = screen.getByRole("button", { name: "Toggle list" });
    toggle.focus();
    press("b", { ctrlKey: true });
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
    press("Escape");
    expect(screen.queryByRole("searchbox")).toBeNull();
    expect(document.activeElement).toBe(toggle);
  });

  it("count a zoomed window as the narrower one that it is", async () => {
    const fake = createFakeClient();
    await fake.client.settings.set({ key: "general.zoom", value: 150 });
    const { container } = renderFrame({ fake });
    await waitFor(() => expect(container.querySelector(".app")?.getAttribute("data-mode")).toBe("narrow"));
  });
});

describe("the machine strip", () => {
  it("is never green before a reading, is offline with one, and unknown again when readings stop", async () => {
    vi.useFakeTimers();
    const { controls } = renderFrame();
    const shield = () =>
      within(screen.getByRole("contentinfo")).getAllByRole("button").at(-1)?.getAttribute("aria-label");
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(shield()).toBe("Connections unknown");
    await act(() => vi.advanceTimersByTimeAsync(10));
    telemetry(controls);
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(shield()).toBe("Offline, 0 connections");
    await act(() => vi.advanceTimersByTimeAsync(5000));
    expect(shield()).toBe("Connections unknown");
  });

  it("says it when the system does not show connections", async () => {
    const { controls } = renderFrame();
    await waitFor(() => expect(controls.world.feed.readers).toBe(1));
    telemetry(controls, { connections: { known: false, at: 1, reason: "unsupported-system" } });
    fireEvent.click(await screen.findByRole("button", { name: "Connections unknown" }));
    expect(await screen.findByText("This system does not show which connections a program has.")).toBeTruthy();
  });

  it("offers Restart when the engine has given up, and loads the model with it", async () => {
    const { controls } = renderFrame();
    const [engine] = controls.world.engines;
    if (!engine) throw new Error("no engine");
    await waitFor(() => expect(controls.world.feed.readers).toBe(1));
    act(() => controls.setEngines([{ ...engine, phase: "gave-up", failures: 3 }]));
    fireEvent.click(await screen.findByRole("button", { name: "Restart" }));
    await waitFor(() =>
      expect(controls.calls).toContainEqual({ procedure: "model.load", input: { modelId: engine.model?.id } }),
    );
    expect(await screen.findByRole("button", { name: /^Engine ready, SmolLM2/ })).toBeTruthy();
  });

  it("lists the installed models and unloads the loaded one", async () => {
    const { controls } = renderFrame();
    fireEvent.click(screen.getByRole("button", { name: /^Engine ready/ }));
    const popover = await screen.findByRole("dialog", { name: "Model" });
    expect(await within(popover).findByText("Deskside Starter")).toBeTruthy();
    fireEvent.click(within(popover).getByRole("button", { name: "Unload" }));
    await waitFor(() => expect(controls.world.engines).toEqual([]));
  });
});

describe("notices", () => {
  it("say that nothing is saved, and why", async () => {
    const fake = createFakeClient({ info: { store: { readOnly: "newer-schema", quarantined: null } } });
    renderFrame({ fake });
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Nothing is saved now");
    expect(alert.textContent).toContain("It was written by a newer Deskside");
  });

  it("name the file that was put aside, until they are closed", async () => {
    const quarantined = { path: "/data/workspace.db.bad", reason: "damaged", restoredFrom: null } as const;
    renderFrame({ fake: createFakeClient({ info: { store: { readOnly: null, quarantined } } }) });
    expect(await screen.findByText(/\/data\/workspace\.db\.bad/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(screen.queryByText(/workspace\.db\.bad/)).toBeNull();
  });
});

describe("settings", () => {
  it("change the theme at once, on <html>", async () => {
    renderFrame({ hash: "#/settings" });
    fireEvent.click(await screen.findByRole("button", { name: "Dark" }));
    await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
    expect(screen.getByRole("button", { name: "Dark" }).getAttribute("aria-pressed")).toBe("true");
  });

  it("speak Chinese when the setting says so", async () => {
    const fake = createFakeClient();
    renderFrame({ fake, hash: "#/settings/about" });
    await screen.findByRole("heading", { level: 1, name: "About" });
    await act(async () => {
      await fake.client.settings.set({ key: "general.language", value: "zh-CN" });
    });
    expect(await screen.findByRole("heading", { level: 1, name: "关于" })).toBeTruthy();
    expect(document.documentElement.lang).toBe("zh-CN");
  });

  it("show a lock instead of a control that would be refused", async () => {
    renderFrame({ fake: createFakeClient({ lockedSettings: ["general.showReasoning"] }), hash: "#/settings" });
    const control = await screen.findByRole("switch", { name: "Show reasoning" });
    await screen.findByText("Fixed by your organisation");
    expect(control.getAttribute("data-disabled") ?? control.getAttribute("aria-disabled")).not.toBeNull();
  });

  it("put the old value back and say why when a change is refused", async () => {
    const fake = createFakeClient();
    renderFrame({ fake, hash: "#/settings" });
    const dark = await screen.findByRole("button", { name: "Dark" });
    await waitFor(() => expect(dark.hasAttribute("data-disabled")).toBe(false));
    fake.controls.failNext("settings.set", locked);
    // Nor does the backend tell the value again: the screen has to go back by itself.
    fake.controls.failNext("settings.list", locked);
    fireEvent.click(dark);
    expect(await screen.findByText("This setting cannot be changed on this computer.")).toBeTruthy();
    await waitFor(() => expect(dark.getAttribute("aria-pressed")).toBe("false"));
  });

  it("reset a section to its defaults", async () => {
    const fake = createFakeClient();
    await fake.client.settings.set({ key: "general.density", value: "compact" });
    renderFrame({ fake, hash: "#/settings" });
    const reset = await screen.findByRole<HTMLButtonElement>("button", { name: "Reset section" });
    await waitFor(() => expect(reset.disabled).toBe(false));
    fireEvent.click(reset);
    await waitFor(() => expect(document.documentElement.dataset["density"]).toBe("comfortable"));
    expect(fake.controls.world.settings.every((entry) => entry.value === entry.defaultValue)).toBe(true);
  });

  it("find a setting by a word of the other language and show its row", async () => {
    renderFrame({ hash: "#/settings/about" });
    const field = await screen.findByRole("searchbox", { name: "Search settings" });
    fireEvent.change(field, { target: { value: "字号" } });
    fireEvent.click(screen.getByRole("button", { name: /Zoom/ }));
    expect(await screen.findByRole("heading", { level: 1, name: "General" })).toBeTruthy();
  });
});

describe("the command palette", () => {
  it("opens by key, finds a chat by its title and goes there", async () => {
    const fake = createFakeClient({ chats: [{ title: "Pump service priority", turns: [["a", "b"]] }] });
    const { deskside } = renderFrame({ fake });
    press("k", { ctrlKey: true });
    const field = await screen.findByRole("combobox");
    fireEvent.change(field, { target: { value: "pump" } });
    fireEvent.click(await screen.findByRole("option", { name: /Pump service priority/ }));
    await waitFor(() => expect(deskside.navigation.getState().route.id).toMatch(/^chat_/));
    await waitFor(() => expect(screen.queryByRole("combobox")).toBeNull());
  });

  it("asks in all collections with Ctrl Enter", async () => {
    const fake = createFakeClient({ collections: [sampleCollection()] });
    const { deskside } = renderFrame({ fake });
    press("k", { ctrlKey: true });
    const field = await screen.findByRole("combobox");
    fireEvent.change(field, { target: { value: "How long is the warranty?" } });
    expect(await screen.findByRole("option", { name: /Ask in all collections/ })).toBeTruthy();
    fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(deskside.navigation.getState().route.id).toMatch(/^chat_/));
    const start = fake.controls.calls.find(({ procedure }) => procedure === "generation.start");
    expect(start?.input).toMatchObject({ text: "How long is the warranty?", scope: { kind: "everything" } });
  });

  it("offers models only after @, and no pane command where there is no pane", async () => {
    renderFrame({ hash: "#/monitor" });
    press("m", { ctrlKey: true });
    const field = await screen.findByRole<HTMLInputElement>("combobox");
    expect(field.value).toBe("@");
    expect(await screen.findByRole("option", { name: /Unload SmolLM2/ })).toBeTruthy();
    fireEvent.change(field, { target: { value: ">show or hide" } });
    expect(screen.queryByRole("option")).toBeNull();
  });
});

describe("the shortcut sheet", () => {
  it("opens with ? and shows the keys that work in this shell", async () => {
    renderFrame();
    press("?", { shiftKey: true });
    const sheet = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    const row = within(sheet).getByText("New chat").parentElement;
    expect(row?.textContent).toContain("Alt");
  });
});
