import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { windowChannels } from "../../messages/window-channels.ts";
import { bootShell, untilTrue } from "../../test/boot-desktop.ts";
import { startedProcesses } from "../../test/electron-double/double-utility-process.ts";
import { DoubleWebContents, DoubleWindow, ipcMain, sessionRules } from "../../test/electron-double/double-windows.ts";
import { machine } from "../../test/electron-double/electron-double.ts";

vi.mock("electron", async () => (await import("../../test/electron-double/electron-double.ts")).electronModule);

/** Everything that a message could have done. */
function effects(window: DoubleWindow, ports: () => number) {
  return {
    opened: machine.opened.length,
    dialogs: machine.dialogs.length,
    windows: DoubleWindow.all.length,
    calls: window.calls.length,
    maximized: window.isMaximized(),
    processes: startedProcesses.length,
    exit: machine.exitCode,
    ports: ports(),
  };
}

function countPorts(window: DoubleWindow): () => number {
  let ports = 0;
  window.webContents.page.ipc.on("deskside:port", () => ports++);
  return () => ports;
}

const valid: Record<string, unknown[]> = {
  [windowChannels.requestPort]: [],
  [windowChannels.openExternal]: ["https://example.com"],
  [windowChannels.windowControl]: ["maximize"],
};

describe("messages of windows", () => {
  it("are heard on the declared channels only", async () => {
    await using _desktop = await bootShell();
    expect(new Set(ipcMain.eventNames())).toEqual(new Set(Object.values(windowChannels)));
  });

  it("of any other shape than the declared one throw nothing and do nothing: 10,000 on each channel", async () => {
    await using desktop = await bootShell();
    const window = desktop.window();
    await untilTrue(() => window.webContents.page.bridge !== undefined);
    const ports = countPorts(window);
    const before = effects(window, ports);
    const values = fc.array(
      fc.oneof(fc.anything(), fc.jsonValue(), fc.constantFrom("maximize", "close", "__proto__")),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    for (const channel of Object.values(windowChannels)) {
      fc.assert(
        fc.property(values, (sent) => {
          const [first] = sent;
          const isValid =
            sent.length === 1 &&
            ((channel === windowChannels.windowControl &&
              ["minimize", "maximize", "close"].includes(first as string)) ||
              (channel === windowChannels.openExternal &&
                typeof first === "string" &&
                /^(https?|mailto):/i.test(first)));
          if (!isValid) window.webContents.send(channel, sent);
        }),
        { numRuns: 10_000 },
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(effects(window, ports)).toEqual(before);
  });

  it("from a foreign frame, a foreign page or a foreign window do nothing, whatever they say", async () => {
    await using desktop = await bootShell();
    const window = desktop.window();
    await untilTrue(() => window.webContents.page.bridge !== undefined);
    const ports = countPorts(window);
    const before = effects(window, ports);
    const { mainFrame } = window.webContents;
    const frames = [
      null,
      { url: mainFrame.url, parent: mainFrame },
      { url: "https://evil.example/index.html", parent: null },
      { url: "app://deskside.evil.example/index.html", parent: null },
      { url: "app://evil/index.html", parent: null },
      { url: "app://deskside/other.html", parent: null },
      { url: "app://user@deskside/index.html", parent: null },
      { url: "about:blank", parent: null },
      { url: "file:///index.html", parent: null },
      { url: "", parent: null },
    ];
    const stranger = new DoubleWebContents("");
    for (const [channel, sent] of Object.entries(valid)) {
      for (const frame of frames) window.webContents.send(channel, sent, frame);
      stranger.send(channel, sent, { url: mainFrame.url, parent: null });
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(effects(window, ports)).toEqual(before);
  });

  it("of the declared shape from our page work, or the two tests above would prove nothing", async () => {
    await using desktop = await bootShell();
    const window = desktop.window();
    await untilTrue(() => window.webContents.page.bridge !== undefined);
    const ports = countPorts(window);
    const { bridge } = window.webContents.page;
    bridge.windowControl("maximize");
    bridge.openExternal("https://example.com");
    bridge.requestPort();
    await untilTrue(() => machine.opened.length === 1);
    expect(window.isMaximized()).toBe(true);
    expect(ports()).toBe(1);
  });

  it("come through a bridge that has exactly the agreed members and nothing of Electron", async () => {
    await using desktop = await bootShell();
    const { webContents } = desktop.window();
    await untilTrue(() => webContents.page.bridge !== undefined);
    expect(Object.keys(webContents.page.exposed)).toEqual(["deskside"]);
    const members = Object.entries(webContents.page.bridge).map(([name, value]) => [name, typeof value]);
    expect(Object.fromEntries(members)).toEqual({
      capabilities: "object",
      requestPort: "function",
      pathOfFile: "function",
      openExternal: "function",
      windowControl: "function",
    });
    expect(webContents.page.bridge.pathOfFile(new File([], "a.pdf"))).toBe("/dropped/a.pdf");
    expect(webContents.page.bridge.pathOfFile("/etc/passwd")).toBe("");
  });
});

describe("what a page may do", () => {
  it("gets no permission but copying text from our own page", async () => {
    await using _desktop = await bootShell();
    const check = sessionRules["permissionCheck"] as (c: null, permission: string, origin: string) => boolean;
    const request = sessionRules["permissionRequest"] as (
      c: null,
      permission: string,
      done: (granted: boolean) => void,
      details: { isMainFrame: boolean; requestingUrl: string },
    ) => void;
    const ask = (permission: string, requestingUrl: string, isMainFrame = true) => {
      let granted: boolean | undefined;
      request(null, permission, (answer) => (granted = answer), { isMainFrame, requestingUrl });
      return granted;
    };
    const page = "app://deskside/index.html";
    const wanted = [
      "media",
      "geolocation",
      "notifications",
      "midi",
      "clipboard-read",
      "openExternal",
      "usb",
      "fullscreen",
    ];
    for (const permission of wanted) {
      expect(ask(permission, page)).toBe(false);
      expect(check(null, permission, page)).toBe(false);
    }
    expect(ask("clipboard-sanitized-write", page)).toBe(true);
    expect(ask("clipboard-sanitized-write", page, false)).toBe(false);
    expect(ask("clipboard-sanitized-write", "https://evil.example/")).toBe(false);
    expect(check(null, "clipboard-sanitized-write", "app://deskside/")).toBe(true);
    expect(sessionRules["device"]?.()).toBe(false);
  });

  it("cannot leave our page, open windows, load from elsewhere or download", async () => {
    await using desktop = await bootShell();
    const { webContents } = desktop.window();
    const prevented = (name: string, event: object) => {
      let put = false;
      webContents.emit(name, { ...event, preventDefault: () => (put = true) });
      return put;
    };
    expect(prevented("will-navigate", { url: "https://example.com/" })).toBe(true);
    expect(prevented("will-navigate", { url: "file:///etc/passwd" })).toBe(true);
    expect(prevented("will-navigate", { url: "app://deskside/index.html#/chat" })).toBe(false);
    expect(prevented("will-frame-navigate", { url: "app://deskside/index.html", isMainFrame: false })).toBe(true);
    expect(prevented("will-redirect", { url: "app://deskside/index.html" })).toBe(true);
    expect(prevented("will-attach-webview", {})).toBe(true);
    expect(webContents.openHandler({ url: "https://example.com/b" })).toEqual({ action: "deny" });
    const load = (url: string) => {
      let cancel: boolean | undefined;
      (sessionRules["beforeRequest"] as (d: object, done: (answer: { cancel: boolean }) => void) => void)(
        { url },
        (answer) => {
          cancel = answer.cancel;
        },
      );
      return !cancel;
    };
    expect(load("app://deskside/a.js")).toBe(true);
    expect(load("https://example.com/a.js")).toBe(false);
    expect(load("http://127.0.0.1:1234/")).toBe(false);
    expect(load("wss://example.com/")).toBe(false);
    // A click on a link to the web is a wish to see it: it went to the system's browser, once each.
    await untilTrue(() => machine.opened.length === 2);
    expect(machine.opened).toEqual(["https://example.com/", "https://example.com/b"]);
  });
});
