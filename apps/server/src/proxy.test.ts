import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeGguf, tinyLlama } from "@deskside/testing";
import { contentOfBytes, startFakeHub } from "@deskside/testing/fake-hub";
import { expect, test } from "vitest";
import { runCli } from "./test/run-cli.ts";

const login = "me:s3cret-password";

/** A proxy that wants a login and knows one name, which nobody else does. */
async function startProxy(name: string, behind: string) {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    const { "proxy-authorization": sent, ...headers } = incoming.headers;
    if (sent !== `Basic ${Buffer.from(login).toString("base64")}`) return void response.writeHead(407).end();
    const url = new URL(incoming.url ?? "");
    asked.push(url.hostname);
    if (url.hostname !== name) return void response.writeHead(502).end();
    const there = httpRequest(`${behind}${url.pathname}${url.search}`, { headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    there.on("error", () => response.destroy());
    there.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...{ asked, name: `127.0.0.1:${(server.address() as AddressInfo).port}` },
    [Symbol.dispose]: () => server.close().closeAllConnections(),
  };
}

test("a model is fetched through the proxy of the environment, whose password is never said", {
  timeout: 120_000,
}, async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "deskside-proxy-"));
  const files = { "tiny-F32.gguf": contentOfBytes(encodeGguf(tinyLlama({ seed: 1 })).bytes) };
  await using hub = await startFakeHub({ repos: [{ id: "maker/Tiny-GGUF", licence: "mit", files }] });
  using proxy = await startProxy("hub.example", hub.origin);
  const at = ["--hub", "http://hub.example", "--json", "--data-dir", folder.path];
  const pull = ["models", "pull", "maker/Tiny-GGUF", "--file-host", new URL(hub.cdnOrigin).host, ...at];
  const codeOf = async (address: string) => {
    const { code, stdout, stderr } = await runCli(pull, { HTTP_PROXY: address, NO_PROXY: "" });
    expect(`${stdout}${stderr}`).not.toContain("s3cret");
    expect(code).not.toBe(0);
    return (JSON.parse(stdout) as { error: { code: string; data: unknown } }).error;
  };
  const place = { proxy: proxy.name, host: "hub.example" };
  expect(await codeOf(`http://${proxy.name}`)).toMatchObject({ code: "PROXY_AUTH_REQUIRED", data: place });
  expect(await codeOf(`socks5://${login}@${proxy.name}`)).toMatchObject({ code: "PROXY_UNUSABLE" });
  expect(hub.requests).toEqual([]);

  const pulled = await runCli(pull, { HTTP_PROXY: `http://${login}@${proxy.name}`, NO_PROXY: "" });
  expect(pulled).toMatchObject({ code: 0 });
  expect(JSON.parse(pulled.stdout)).toMatchObject({ source: "http://hub.example" });
  expect(new Set(proxy.asked)).toEqual(new Set(["hub.example"]));
  // The files lie on this computer, which is reached straight.
  expect(hub.requests.some(({ kind }) => kind === "cdn")).toBe(true);
});
