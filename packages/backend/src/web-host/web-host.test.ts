import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startWebHost, type WebHost } from "./web-host.ts";

const pageDir = mkdtempSync(join(tmpdir(), "deskside-page-"));
let host: WebHost;
let connected = 0;

beforeAll(async () => {
  mkdirSync(join(pageDir, "assets"));
  writeFileSync(join(pageDir, "index.html"), "<!doctype html><title>Deskside</title>");
  writeFileSync(join(pageDir, "assets", "a.js"), "1");
  host = await startWebHost({ host: "127.0.0.1", port: 0, pageDir, onPort: () => void connected++ });
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(pageDir, { recursive: true });
});

const port = () => Number(new URL(host.address).port);

function get(path: string, headers: Record<string, string> = {}, method = "GET") {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
    request({ host: "127.0.0.1", port: port(), path, headers, method }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on("error", reject)
      .end();
  });
}

describe("the page", () => {
  it("needs the token, takes it from the link once and keeps it in a cookie", async () => {
    expect((await get("/")).status).toBe(401);
    expect((await get("/?token=wrong")).status).toBe(401);
    const handed = await get(`/?token=${host.token}`);
    expect(handed).toMatchObject({ status: 303, headers: { location: "/" } });
    const cookie = String(handed.headers["set-cookie"]);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const page = await get("/", { cookie: cookie.split(";")[0] as string });
    expect(page.status).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'/);
    expect(page.headers["content-security-policy"]).not.toMatch(/unsafe-eval|\*/);
  });

  it("serves its own files and nothing else", async () => {
    const headers = { authorization: `Bearer ${host.token}` };
    expect((await get("/assets/a.js", headers)).status).toBe(200);
    for (const path of [
      "/../../etc/passwd",
      "/assets/../../secret",
      "/%2e%2e/%2e%2e/etc/passwd",
      "/assets",
      "//etc/passwd",
    ]) {
      expect([path, (await get(path, headers)).status]).toEqual([path, 404]);
    }
    expect((await get("/", headers, "POST")).status).toBe(405);
  });
});

describe("the socket", () => {
  const credentials = { none: {}, wrong: { authorization: "Bearer AAAA" }, right: { authorization: `Bearer ` } };
  const hosts = (own: string) => [
    own,
    own.replace("127.0.0.1", "localhost"),
    "evil.example",
    `evil.example:${port()}`,
    `127.0.0.1:1`,
    `${own}.evil.example`,
    "127.0.0.1",
  ];
  const origins = (own: string) => [
    undefined,
    `http://${own}`,
    "http://evil.example",
    "null",
    `https://${own}`,
    `http://${own}.evil.example`,
    "file://",
  ];

  it("opens for exactly the right host, origin and token", async () => {
    const own = `127.0.0.1:${port()}`;
    let tried = 0;
    for (const [credential, base] of Object.entries(credentials)) {
      for (const name of hosts(own)) {
        for (const origin of origins(own)) {
          const headers: Record<string, string> = { ...base, host: name };
          if (credential === "right") headers["authorization"] = `Bearer ${host.token}`;
          const opened = await opens(headers, origin);
          const hostRight = name === own || name === own.replace("127.0.0.1", "localhost");
          const originRight = origin === undefined || origin === `http://${name}`;
          expect([credential, name, origin, opened]).toEqual([
            credential,
            name,
            origin,
            credential === "right" && hostRight && originRight,
          ]);
          tried++;
        }
      }
    }
    expect(tried).toBe(147);
    expect(connected).toBeGreaterThan(0);
  });

  function opens(headers: Record<string, string>, origin: string | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port()}/ws`, {
        headers,
        ...(origin === undefined ? {} : { origin }),
      });
      socket.on("open", () => {
        socket.terminate();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
  }
});

describe("starting", () => {
  it("is refused off this computer, and on a port that is taken", async () => {
    const options = { pageDir: null, onPort: () => undefined };
    await expect(startWebHost({ ...options, host: "0.0.0.0", port: 0 })).rejects.toMatchObject({
      code: "NOT_LOOPBACK",
    });
    await expect(startWebHost({ ...options, host: "127.0.0.1", port: port() })).rejects.toMatchObject({
      code: "PORT_IN_USE",
      data: { port: port() },
    });
  });
});
