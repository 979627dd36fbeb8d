import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { downloadUrl, getElectronRuntime, installedElectron, probe, readFailure } from "./electron-runtime.mjs";

const hour = 3_600_000;
let folder: string;
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deskside-electron-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const redirecting = (answers: Readonly<Record<string, [number, string?]>>) =>
  createHttpServer((request, response) => {
    const [status, location] = answers[request.url ?? ""] ?? [404];
    response.writeHead(status, location ? { location } : {}).end();
  });

describe("the question whether the runtime can be fetched", () => {
  test("a host that accepts and never answers is given up at the limit", async () => {
    const sockets = new Set<{ destroy(): void }>();
    const address = await listen(createServer((socket) => void sockets.add(socket)));
    expect(await probe(address, 300)).toBe("no answer within 0.3 s");
    for (const socket of sockets) socket.destroy();
  });

  test("a host that redirects slowly for ever is given up at the same limit, not at a multiple of it", async () => {
    const address = await listen(
      createHttpServer((_request, response) => {
        setTimeout(() => response.writeHead(302, { location: "/again" }).end(), 150);
      }),
    );
    const started = performance.now();
    expect(await probe(address, 400)).toBe("no answer within 0.4 s");
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("a refused connection and an unknown host say which", async () => {
    const server = createServer();
    const address = await listen(server);
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    expect(await probe(address, 2000)).toBe("ECONNREFUSED");
    expect(await probe("http://host.invalid/", 4000)).toMatch(/ENOTFOUND|EAI_AGAIN|no answer/);
  });

  test("redirects are followed to the file, and what is not there is said", async () => {
    const address = await listen(
      redirecting({ "/a": [302, "/b"], "/b": [301, "/c"], "/c": [200], "/loop": [302, "/loop"] }),
    );
    expect(await probe(`${address}a`, 2000)).toBeUndefined();
    expect(await probe(`${address}missing`, 2000)).toBe("HTTP 404");
    expect(await probe(`${address}loop`, 2000)).toBe("too many redirects");
  });

  test("it asks where the installer would look, mirrors included", () => {
    const file = `electron-v45.0.0-${process.platform}-${process.arch}.zip`;
    expect(downloadUrl("45.0.0", {})).toBe(`https://github.com/electron/electron/releases/download/v45.0.0/${file}`);
    const env = { ELECTRON_MIRROR: "https://mirror.example/", ELECTRON_CUSTOM_DIR: "{{ version }}" };
    expect(downloadUrl("45.0.0", env)).toBe(`https://mirror.example/45.0.0/${file}`);
  });
});

describe("getting the runtime", () => {
  const packageFolder = () => join(folder, "electron");
  const memoryFile = () => join(folder, "cache", "electron-not-fetched.json");
  const say = vi.fn();
  const get = (patient = false) =>
    getElectronRuntime({
      packageFolder: packageFolder(),
      memoryFile: memoryFile(),
      node: process.execPath,
      patient,
      say,
    });

  beforeEach(() => {
    say.mockClear();
    mkdirSync(packageFolder());
    writeFileSync(join(packageFolder(), "package.json"), '{"version":"45.0.0"}');
    vi.stubEnv("electron_config_cache", join(folder, "no-cache"));
    vi.stubEnv("ELECTRON_GET_USE_PROXY", "");
  });

  /** An installer as the package has one: it leaves a runtime, or it does not. */
  const installer = (code: string) => writeFileSync(join(packageFolder(), "install.js"), code);
  const leavesRuntime = `const fs = require("node:fs");
    fs.mkdirSync("dist"); fs.writeFileSync("dist/version", "v45.0.0"); fs.writeFileSync("path.txt", "electron");
    fs.writeFileSync("dist/electron", "#!/bin/sh\\nexit 0\\n", { mode: 0o755 });`;

  test.skipIf(process.platform === "win32")("it is fetched once, and found from then on", async () => {
    vi.stubEnv("ELECTRON_MIRROR", await listen(createHttpServer((_request, response) => response.end())));
    installer(leavesRuntime);
    const path = join(packageFolder(), "dist/electron");
    expect(await get()).toEqual({ path });
    installer("process.exit(9)");
    expect(await get()).toEqual({ path });
    expect(say).toHaveBeenCalledOnce();
  });

  test("a failure is remembered for the next starts, until somebody asks again", async () => {
    const asked = vi.fn();
    const address = await listen(
      createHttpServer((_request, response) => {
        asked();
        response.writeHead(503).end();
      }),
    );
    vi.stubEnv("ELECTRON_MIRROR", address);
    const missing = `its runtime cannot be fetched from ${new URL(address).host}: HTTP 503`;
    expect(await get()).toEqual({ missing });
    expect(await get()).toEqual({ missing });
    expect(asked).toHaveBeenCalledTimes(1);
    await get(true);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  test.skipIf(process.platform === "win32")("a runtime that does not start is as good as none", async () => {
    vi.stubEnv("ELECTRON_MIRROR", await listen(createHttpServer((_request, response) => response.end())));
    installer(leavesRuntime.replace("exit 0", "echo libgtk-3.so.0: cannot open shared object file >&2; exit 127"));
    expect(await get()).toEqual({ missing: expect.stringContaining("libgtk-3.so.0") });
  });

  test("half a runtime, or one of another version, is not one", () => {
    expect(installedElectron(packageFolder())).toBeUndefined();
    mkdirSync(join(packageFolder(), "dist"));
    writeFileSync(join(packageFolder(), "dist/version"), "44.0.0");
    writeFileSync(join(packageFolder(), "path.txt"), "electron");
    writeFileSync(join(packageFolder(), "dist/electron"), "");
    expect(installedElectron(packageFolder())).toBeUndefined();
    writeFileSync(join(packageFolder(), "dist/version"), "v45.0.0\n");
    expect(installedElectron(packageFolder())).toBe(join(packageFolder(), "dist/electron"));
    rmSync(join(packageFolder(), "dist/electron"));
    expect(installedElectron(packageFolder())).toBeUndefined();
  });

  test("a remembered failure counts for its version, for some hours, and not from the future", () => {
    const file = join(folder, "failure.json");
    writeFileSync(file, JSON.stringify({ version: "45.0.0", reason: "why", at: 10 * hour }));
    expect(readFailure(file, "45.0.0", 11 * hour)).toBe("why");
    expect(readFailure(file, "45.0.1", 11 * hour)).toBeUndefined();
    expect(readFailure(file, "45.0.0", 17 * hour)).toBeUndefined();
    expect(readFailure(file, "45.0.0", 9 * hour)).toBeUndefined();
    writeFileSync(file, "{");
    expect(readFailure(file, "45.0.0", 11 * hour)).toBeUndefined();
  });
});
