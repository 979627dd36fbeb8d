import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GenerationEvent } from "@deskside/contract";
import { describe, expect, it, vi } from "vitest";
import { bootDesktop, bootShell, type Connection, type Desktop, isAlive, untilTrue } from "../test/boot-desktop.ts";
import { startedProcesses } from "../test/electron-double/double-utility-process.ts";
import { DoubleWindow } from "../test/electron-double/double-windows.ts";
import { app, machine, powerMonitor } from "../test/electron-double/electron-double.ts";

vi.mock("electron", async () => (await import("../test/electron-double/electron-double.ts")).electronModule);

const story = "Tell me a long story about a ship and its crew.";

async function send({ client }: Connection, text: string): Promise<AsyncIterable<GenerationEvent>> {
  const sampling = { temperature: 0, maxTokens: 150 };
  const { generationId } = await client.generation.start({ kind: "send", chatId: null, text, sampling });
  return client.generation.watch({ generationId });
}

/** Watches until the answer's first words are there. */
async function untilText(events: AsyncIterable<GenerationEvent>): Promise<AsyncIterator<GenerationEvent>> {
  const iterator = events[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await iterator.next();
    if (done) throw new Error("ended without text");
    if (value.type === "failed") throw new Error(JSON.stringify(value.message));
    if (value.type === "delta" && value.text !== "") return iterator;
  }
}

async function last(iterator: AsyncIterator<GenerationEvent>): Promise<GenerationEvent | undefined> {
  let seen: GenerationEvent | undefined;
  for (;;) {
    const { value, done } = await iterator.next();
    if (done) return seen;
    seen = value;
  }
}

describe("a running app", () => {
  it("boots, starts backend and engine, hands over a port and streams an answer of the model", async () => {
    await using desktop = await bootDesktop();
    const connection = await desktop.connect();
    const end = await last((await send(connection, "What is the capital of France?"))[Symbol.asyncIterator]());
    expect(end).toMatchObject({ type: "done", message: { text: expect.stringContaining("Paris") } });
    expect((await connection.client.system.info()).shell).toBe("desktop");
    // The library's test of its binary ran, in a process that main started.
    expect(startedProcesses.some(({ file }) => file.endsWith("testBindingBinary.js"))).toBe(true);
  });

  it("keeps what an engine had said that was killed mid-answer, and answers again", async () => {
    await using desktop = await bootDesktop();
    const connection = await desktop.connect();
    const iterator = await untilText(await send(connection, story));
    const killed = desktop.pidOf("engine") as number;
    process.kill(killed, "SIGKILL");
    const end = await last(iterator);
    expect(end).toMatchObject({ type: "failed", message: { error: { code: "ENGINE_CRASHED" } } });
    expect((end as { message: { text: string } }).message.text.length).toBeGreaterThan(0);
    const again = await last((await send(connection, "What is the capital of France?"))[Symbol.asyncIterator]());
    expect(again).toMatchObject({ type: "done", message: { text: expect.stringContaining("Paris") } });
    expect(desktop.pidOf("engine")).not.toBe(killed);
  });

  it("starts a backend that crashed again, ends its engines, and gives the window a port to the new one", async () => {
    await using desktop = await bootDesktop();
    const connection = await desktop.connect();
    await untilText(await send(connection, story));
    const storedText = async ({ client }: Connection) => {
      const { messages } = await client.chat.get({ chatId: (await client.chat.list())[0]?.id ?? "" });
      return messages.at(-1)?.text ?? "";
    };
    while ((await storedText(connection)) === "");
    const { pid } = await connection.client.system.ping();
    const engine = desktop.pidOf("engine") as number;
    process.kill(pid, "SIGKILL");
    await connection.closed;
    await expect(connection.client.system.ping()).rejects.toMatchObject({ code: "PEER_GONE" });
    const again = await desktop.connect();
    expect((await again.client.system.ping()).pid).not.toBe(pid);
    await untilTrue(() => !isAlive(engine));
    expect(await storedText(again)).not.toBe("");
  });

  it("does not start a backend a fourth time that crashed three times in a row, until the user asks", async () => {
    await using desktop = await bootDesktop();
    machine.dialogAnswers = [0];
    const pids: number[] = [];
    for (let crash = 0; crash < 3; crash++) {
      const { client, closed } = await desktop.connect();
      pids.push((await client.system.ping()).pid);
      process.kill(pids[crash] as number, "SIGKILL");
      await closed;
    }
    await untilTrue(() => machine.dialogs.length > 0);
    expect(machine.dialogs[0]?.message).toContain("three times in a row");
    const { client } = await desktop.connect();
    expect(pids).not.toContain((await client.system.ping()).pid);
  });

  it.runIf(process.platform === "linux")("shows the key in no environment and no command line", async () => {
    await using desktop = await bootDesktop();
    await (await desktop.connect()).client.system.ping();
    const { wrapped } = JSON.parse(readFileSync(`${desktop.dataDir}/keys/data.key.wrapped`, "utf8")) as {
      wrapped: string;
    };
    const { decryptStringAsync } = (await import("../test/electron-double/electron-double.ts")).electronModule
      .safeStorage;
    const key = Buffer.from((await decryptStringAsync(Buffer.from(wrapped, "base64"))).result, "base64");
    expect(key).toHaveLength(32);
    const pid = desktop.pidOf("backend");
    const seen = readFileSync(`/proc/${pid}/environ`, "latin1") + readFileSync(`/proc/${pid}/cmdline`, "latin1");
    expect(seen).toContain("backend.ts");
    for (const form of ["hex", "base64", "latin1"] as const) expect(seen).not.toContain(key.toString(form));
  });

  it("tells the backend that the machine woke up", async () => {
    await using desktop = await bootDesktop();
    await (await desktop.connect()).client.system.ping();
    powerMonitor.emit("resume");
    const log = `${desktop.dataDir}/logs/deskside.1.log`;
    const detections = () => (existsSync(log) ? readFileSync(log, "utf8").split("machine detected").length - 1 : 0);
    await untilTrue(() => detections() >= 2);
  });

  it("quits with no child left, also in the middle of an answer, which is kept", async () => {
    await using desktop = await bootDesktop();
    await untilText(await send(await desktop.connect(), story));
    const living = desktop.livingChildren();
    expect(living.length).toBeGreaterThanOrEqual(2);
    expect(await desktop.quit()).toBe(0);
    await untilTrue(() => living.every((pid) => !isAlive(pid)));
    await using again = await bootDesktop({ dataDir: desktop.dataDir });
    const { client } = await again.connect();
    const { messages } = await client.chat.get({ chatId: (await client.chat.list())[0]?.id ?? "" });
    expect(messages.at(-1)?.text.length).toBeGreaterThan(0);
  });

  it("says why it cannot start when the key cannot be had, and changes nothing", async () => {
    await using first = await bootDesktop();
    await (await first.connect()).client.system.ping();
    await first.quit();
    const path = `${first.dataDir}/keys/data.key.wrapped`;
    const before = readFileSync(path);
    machine.keyStore.decrypts = false;
    await using second = await bootDesktop({ dataDir: first.dataDir });
    await untilTrue(() => machine.dialogs.length > 0);
    machine.keyStore.decrypts = true;
    expect(machine.dialogs[0]).toMatchObject({
      message: "Deskside cannot start.",
      detail: expect.stringContaining("data.key.wrapped"),
    });
    expect(await second.quit()).toBe(0);
    expect(readFileSync(path)).toEqual(before);
  });
});

describe("a data folder that cannot be used", () => {
  it("is named to the user before anything is started", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "desktop-unusable-"));
    writeFileSync(join(dataDir, "window"), "a file where a folder must be");
    const before = startedProcesses.length;
    await using _desktop = await bootDesktop({ dataDir });
    expect(machine.dialogs[0]).toMatchObject({
      message: "Deskside cannot start.",
      detail: expect.stringContaining(dataDir),
    });
    expect(machine.exitCode).toBe(1);
    expect(startedProcesses.length).toBe(before);
  });
});

describe("windows", () => {
  it("a second instance shows the first one's window, or opens one more when it was asked to", async () => {
    await using desktop = await bootDesktop();
    app.emit("second-instance", {}, ["deskside"], "/", null);
    expect(desktop.window().calls).toContain("focus");
    expect(DoubleWindow.all).toHaveLength(1);
    app.emit("second-instance", {}, ["deskside", "--new-window"], "/", null);
    expect(DoubleWindow.all).toHaveLength(2);
    const connections = await Promise.all(DoubleWindow.all.map((window) => desktop.connect(window)));
    const pids = await Promise.all(connections.map(({ client }) => client.system.ping()));
    expect(pids[0]).toEqual(pids[1]);
  });

  it("the second instance starts nothing and quits", async () => {
    machine.firstInstance = false;
    const before = startedProcesses.length;
    await using _desktop = await bootShell();
    machine.firstInstance = true;
    expect(machine.exitCode).toBe(0);
    expect(startedProcesses.length).toBe(before);
    expect(DoubleWindow.all).toHaveLength(0);
  });

  it("are sandboxed, isolated and locked", async () => {
    await using desktop = await bootShell();
    expect(desktop.window().options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(app.sandboxed).toBe(true);
    expect(machine.schemes).toEqual([
      { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
  });

  it("have the ground colour of the system's theme before the page is there", async () => {
    for (const [dark, ground] of [
      [true, "#131210"],
      [false, "#EFECE5"],
    ] as const) {
      machine.dark = dark;
      await using desktop = await bootShell();
      expect(desktop.window().options.backgroundColor).toBe(ground);
    }
  });

  it("load a crashed page again, and ask after the third crash", async () => {
    await using desktop = await bootShell();
    const { webContents } = desktop.window();
    await untilTrue(() => webContents.page.bridge !== undefined);
    for (let crash = 0; crash < 2; crash++)
      webContents.emit("render-process-gone", {}, { reason: "crashed", exitCode: 5 });
    expect(webContents.reloads).toBe(2);
    webContents.emit("render-process-gone", {}, { reason: "oom", exitCode: 5 });
    expect(webContents.reloads).toBe(2);
    expect(machine.dialogs[0]?.message).toContain("crashed several times");
  });

  it("a page that was loaded again gets a port of its own", async () => {
    await using desktop = await bootDesktop();
    const first = await desktop.connect();
    const pong = await first.client.system.ping();
    desktop.window().webContents.reload();
    await untilTrue(() => desktop.window().webContents.page.bridge !== undefined);
    expect(await (await desktop.connect()).client.system.ping()).toEqual(pong);
  });

  it("remember where they were", async () => {
    await using desktop = await bootShell();
    desktop.window().close();
    expect(await desktop.quit()).toBe(0);
    await using again: Desktop = await bootShell({ dataDir: desktop.dataDir });
    expect(again.window().options).toMatchObject({ x: 40, y: 60, width: 1000, height: 700 });
  });

  it("the menu speaks the system's language and opens windows", async () => {
    machine.locale = "zh-CN";
    await using _desktop = await bootShell();
    machine.locale = "en-US";
    expect(machine.menu.map(({ label }) => label)).toEqual(["文件", "编辑", "视图", "窗口"]);
    machine.menu[0]?.submenu?.[0]?.click?.();
    expect(DoubleWindow.all).toHaveLength(2);
  });
});
