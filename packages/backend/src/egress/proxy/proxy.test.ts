import { createServer as createTlsServer } from "node:https";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { createServer as createTlsFront } from "node:tls";
import { inspect } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createEgress, type EgressRequest } from "../egress.ts";
import { type ConfiguredHost, createPurposePolicy } from "../egress-policy.ts";
import { createPinnedConnect } from "../http/pinned-connect.ts";
import { createMemoryLedger } from "../testing/memory-ledger.ts";
import { readBody } from "../testing/read-body.ts";
import { createSelfSignedCertificate } from "../testing/self-signed-certificate.ts";
import { type ProxyOptions, startProxy } from "../testing/start-proxy.ts";
import { startServer } from "../testing/start-server.ts";

const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const secret = "s3cret-password";

async function proxyFor(options: ProxyOptions) {
  const proxy = await startProxy(options);
  cleanups.push(async () => proxy[Symbol.asyncDispose]());
  return proxy;
}

/** A TLS server behind the proxy, for `hub.example` by its certificate unless told otherwise. */
async function serveTls(hosts: readonly string[] = ["hub.example"], location: string | null = null) {
  const { key, certificate } = createSelfSignedCertificate(hosts);
  const seen: NodeJS.Dict<string | string[]>[] = [];
  const server = createTlsServer({ key, cert: certificate }, (request, response) => {
    seen.push(request.headers);
    if (location !== null && request.url === "/go") return void response.writeHead(302, { location }).end();
    response.end(`${request.method} ${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => server.close().closeAllConnections());
  return { port: (server.address() as AddressInfo).port, certificate, seen };
}

async function serve(listener: Parameters<typeof startServer>[0]) {
  const server = await startServer(listener);
  cleanups.push(async () => server[Symbol.asyncDispose]());
  return server;
}

interface Made {
  readonly setting?: string | null;
  readonly env?: Record<string, string>;
  readonly trusted?: readonly string[];
  readonly configured?: readonly ConfiguredHost[];
  readonly names?: Readonly<Record<string, string[]>>;
}

function create({ setting = null, env = {}, trusted = [], configured = [], names = {} }: Made) {
  const ledger = createMemoryLedger();
  const resolve = vi.fn(
    async (host: string) => names[host] ?? Promise.reject(Object.assign(new Error(host), { code: "ENOTFOUND" })),
  );
  const egress = createEgress({
    ledger,
    policy: createPurposePolicy({ rules: [{ purpose: "test", hosts: "any" }], configuredHosts: () => configured }),
    onRecordError: (error) => {
      throw error;
    },
    proxies: () => ({ setting, env }),
    resolve,
    connect: createPinnedConnect({ trustedCertificates: trusted }),
  });
  const request = (url: string, more: Partial<EgressRequest> = {}) =>
    egress.request({ url, purpose: "test", caller: "unit", ...more });
  const get = async (url: string, more: Partial<EgressRequest> = {}) => readBody((await request(url, more)).body);
  return { egress, request, get, ledger, resolve };
}

const failure = async (work: Promise<unknown>): Promise<Record<string, unknown>> => {
  try {
    await work;
  } catch (error) {
    expect(inspect(error, { depth: 10 })).not.toContain(secret);
    return error as Record<string, unknown>;
  }
  throw new Error("it was let through");
};

describe("through a proxy", () => {
  test("https is a tunnel: the proxy learns host and port, the certificate is the target's", async () => {
    const { port, certificate, seen } = await serveTls();
    const proxy = await proxyFor({ hosts: { "hub.example": port } });
    const { get, ledger, resolve, egress, request } = create({
      env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` },
      trusted: [certificate],
    });
    const credentials = { headers: { authorization: "Bearer hf_abcdefgh" }, forHost: "hub.example" };
    expect(await get("https://hub.example/a?b=1", { credentials })).toBe("GET /a?b=1");
    expect(proxy.asked).toEqual(["CONNECT hub.example:443"]);
    expect(seen[0]).toMatchObject({ host: "hub.example", authorization: "Bearer hf_abcdefgh" });
    expect(seen[0]?.["proxy-authorization"]).toBeUndefined();
    expect(Buffer.concat(proxy.tunnelled).includes("hf_abcdefgh")).toBe(false);
    // The name of the target is the proxy's business.
    expect(resolve).not.toHaveBeenCalled();
    expect(ledger.rows).toMatchObject([
      { host: "hub.example", port: 443, proxy: `127.0.0.1:${proxy.port}`, result: "ok" },
    ]);
    const [row] = ledger.rows;
    expect(row?.result === "ok" && row.sentBytes > 200 && row.receivedBytes > 200).toBe(true);
    const response = await request("https://hub.example/");
    expect(egress.openConnections()).toEqual([{ address: "127.0.0.1", port: proxy.port, host: "hub.example" }]);
    response[Symbol.dispose]();
  });

  test("a certificate that is not the target's ends it inside the tunnel", async () => {
    const { port, certificate, seen } = await serveTls(["other.example"]);
    const proxy = await proxyFor({ hosts: { "hub.example": port } });
    const { get } = create({ setting: `http://127.0.0.1:${proxy.port}`, trusted: [certificate] });
    expect(await failure(get("https://hub.example/"))).toMatchObject({
      code: "EGRESS_FAILED",
      data: { detail: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
    const { get: stranger } = create({ setting: `http://127.0.0.1:${proxy.port}` });
    expect(await failure(stranger("https://hub.example/"))).toMatchObject({
      data: { detail: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
    expect(seen).toEqual([]);
  });

  test("the proxy itself may speak TLS, to either kind of target", async () => {
    const inner = await serveTls();
    const plain = await serve((_request, response) => response.end("plain"));
    const proxy = await proxyFor({ hosts: { "hub.example": inner.port, "plain.example": plain.port } });
    const { key, certificate } = createSelfSignedCertificate(["proxy.example"]);
    // TLS before the same proxy.
    const front = createTlsFront({ key, cert: certificate }, (socket) => {
      const behind = connect({ host: "127.0.0.1", port: proxy.port });
      for (const side of [socket, behind]) side.on("error", () => undefined);
      socket.pipe(behind).pipe(socket);
    });
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => void front.close());
    const { get } = create({
      setting: `https://proxy.example:${(front.address() as AddressInfo).port}`,
      trusted: [certificate, inner.certificate],
      names: { "proxy.example": ["127.0.0.1"] },
    });
    expect(await get("https://hub.example/x")).toBe("GET /x");
    expect(await get("http://plain.example/")).toBe("plain");
  });

  test("plain http goes in absolute form, with the proxy's login and without the login in the target's headers", async () => {
    const server = await serve((request, response) => response.end(`${request.headers.host} ${request.url}`));
    const proxy = await proxyFor({ hosts: { "hub.example": server.port }, login: `me@corp:${secret}` });
    const address = `http://me%40corp:${secret}@127.0.0.1:${proxy.port}`;
    const { get, ledger } = create({ env: { http_proxy: address } });
    expect(await get("http://hub.example/a?b=1")).toBe("hub.example /a?b=1");
    expect(proxy.asked).toEqual(["GET http://hub.example/a?b=1"]);
    expect(server.requests[0]?.headers["proxy-authorization"]).toBeUndefined();
    expect(JSON.stringify(ledger.rows)).not.toContain(secret);
    // In clear text no credentials go through somebody else's computer, not even for a host the user configured.
    const credentials = { headers: { authorization: "Bearer hf_abcdefgh" }, forHost: "hub.example" };
    const own = create({ env: { http_proxy: address }, configured: [{ host: "hub.example" }] });
    expect(await failure(own.get("http://hub.example/", { credentials }))).toMatchObject({
      data: { reason: "scheme" },
    });
    expect(proxy.asked).toHaveLength(1);
  });

  test.each(["https", "http"])("a login that is missing or wrong is named, %s", async (scheme) => {
    const { port, certificate } = await serveTls();
    const proxy = await proxyFor({ hosts: { "hub.example": port }, login: `me:${secret}` });
    const name = `127.0.0.1:${proxy.port}`;
    const without = create({ setting: `http://${name}`, trusted: [certificate] });
    expect(await failure(without.get(`${scheme}://hub.example/`))).toMatchObject({
      code: "PROXY_AUTH_REQUIRED",
      data: { proxy: name, host: "hub.example", sent: false },
    });
    const wrong = create({ setting: `http://me:${secret}x@${name}`, trusted: [certificate] });
    expect(await failure(wrong.get(`${scheme}://hub.example/`))).toMatchObject({
      code: "PROXY_AUTH_REQUIRED",
      data: { sent: true },
    });
    expect(wrong.ledger.rows).toMatchObject([{ proxy: name, result: "failed", reason: "proxy-auth-required" }]);
    const right = create({ setting: `http://me:${secret}@${name}`, trusted: [certificate] });
    if (scheme === "https") expect(await right.get("https://hub.example/")).toBe("GET /");
  });

  test("a host that the proxy forbids, and one that it cannot reach", async () => {
    const proxy = await proxyFor({ hosts: {}, refuse: (host) => (host === "forbidden.example" ? 403 : null) });
    const { get, ledger } = create({ setting: `http://127.0.0.1:${proxy.port}` });
    const of = (status: number) => ({ code: "PROXY_REFUSED", data: { proxy: `127.0.0.1:${proxy.port}`, status } });
    expect(await failure(get("https://forbidden.example/"))).toMatchObject(of(403));
    expect(await failure(get("https://nobody.example/"))).toMatchObject(of(502));
    expect(ledger.rows).toMatchObject([
      { host: "forbidden.example", result: "failed", reason: "proxy-refused 403" },
      { host: "nobody.example", result: "failed", reason: "proxy-refused 502" },
    ]);
  });

  test("one that does not answer, hangs up, says nothing, or has no address", async () => {
    const hangsUp = createTcpServer((socket) => void socket.end());
    const silent = createTcpServer((socket) => void socket.on("error", () => undefined));
    const chatty = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.write("HTTP/1.1 200 OK\r\n\r\nbytes before anybody asked");
    });
    for (const server of [hangsUp, silent, chatty]) {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      cleanups.push(() => void server.close());
    }
    const portOf = (server: typeof silent) => (server.address() as AddressInfo).port;
    const closed = await proxyFor({ hosts: {} });
    await closed[Symbol.asyncDispose]();
    const detailOf = async (proxy: string, url: string) => {
      const error = await failure(create({ setting: proxy }).get(url, { connectTimeoutMs: 300 }));
      return `${String(error["code"])} ${String((error["data"] as Record<string, unknown>)["detail"])}`;
    };
    for (const url of ["https://hub.example/", "http://hub.example/"]) {
      expect(await detailOf(`http://127.0.0.1:${closed.port}`, url)).toBe("PROXY_UNREACHABLE ECONNREFUSED");
      expect(await detailOf("http://nowhere.example:3128", url)).toBe("PROXY_UNREACHABLE unresolved");
    }
    const hungUp = await detailOf(`http://127.0.0.1:${portOf(hangsUp)}`, "https://hub.example/");
    expect(hungUp).toMatch(/^PROXY_UNREACHABLE (ECONNRESET|EPIPE|closed-early)$/);
    const url = "https://hub.example/";
    expect(await detailOf(`http://127.0.0.1:${portOf(silent)}`, url)).toBe("PROXY_UNREACHABLE connect-timeout");
    expect(await detailOf(`http://127.0.0.1:${portOf(chatty)}`, url)).toMatch(/^PROXY_UNREACHABLE /);
  });

  test("cancelling closes the connection to the proxy", async () => {
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => void silent.close());
    const { get, egress } = create({ setting: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
    const controller = new AbortController();
    const reason = new Error("enough");
    const work = get("https://hub.example/", { signal: controller.signal });
    await vi.waitFor(() => expect(sockets).toHaveLength(1));
    controller.abort(reason);
    await expect(work).rejects.toBe(reason);
    await vi.waitFor(() => expect(egress.openConnections()).toEqual([]));
  });

  test("a 407 of the target inside a tunnel is the target's answer", async () => {
    const { key, certificate } = createSelfSignedCertificate(["hub.example"]);
    const server = createTlsServer({ key, cert: certificate }, (_request, response) => response.writeHead(407).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => server.close().closeAllConnections());
    const proxy = await proxyFor({ hosts: { "hub.example": (server.address() as AddressInfo).port } });
    const { request } = create({ setting: `http://127.0.0.1:${proxy.port}`, trusted: [certificate] });
    using response = await request("https://hub.example/");
    expect(response.status).toBe(407);
  });
});

describe("what is reached past or not at all", () => {
  test("this computer is reached straight, and so is what NO_PROXY names", async () => {
    const server = await serve((_request, response) => response.end("straight"));
    const proxy = await proxyFor({ hosts: {} });
    const configured = [{ host: "127.0.0.1" }, { host: "localhost" }, { host: "hub.corp.example" }];
    const { get, ledger } = create({
      env: { ALL_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: "corp.example" },
      configured,
      names: { localhost: ["127.0.0.1"], "hub.corp.example": ["127.0.0.1"] },
    });
    for (const host of ["127.0.0.1", "localhost", "hub.corp.example"]) {
      expect(await get(`http://${host}:${server.port}/`)).toBe("straight");
    }
    expect(proxy.asked).toEqual([]);
    expect(ledger.rows.map((row) => row.proxy)).toEqual([null, null, null]);
  });

  test("a configured hub in a private network goes through the proxy, unless NO_PROXY names it", async () => {
    const server = await serve((_request, response) => response.end("private"));
    const proxy = await proxyFor({ hosts: { "10.0.0.7": server.port } });
    const { get } = create({ setting: `http://127.0.0.1:${proxy.port}`, configured: [{ host: "10.0.0.7" }] });
    expect(await get("http://10.0.0.7/")).toBe("private");
    expect(proxy.asked).toEqual(["GET http://10.0.0.7/"]);
  });

  const blocked = (reason: string) => ({ code: "EGRESS_BLOCKED", data: { reason } });

  test.each([
    ["10.0.0.1", "private-address"],
    ["192.168.1.1", "private-address"],
    ["169.254.169.254", "link-local-address"],
    ["[fd00:ec2::254]", "link-local-address"],
    ["[::ffff:10.0.0.1]", "private-address"],
    ["0.0.0.0", "private-address"],
  ])("an address in the URL obeys the rules for addresses: %s", async (host, reason) => {
    const proxy = await proxyFor({ hosts: {} });
    const { get } = create({ setting: `http://127.0.0.1:${proxy.port}` });
    expect(await failure(get(`https://${host}/`))).toMatchObject(blocked(reason));
    expect(proxy.asked).toEqual([]);
  });

  test.each([
    ["https://10.0.0.1/", "private-address"],
    ["https://127.0.0.1/", "private-address"],
    ["https://localhost/", "private-address"],
    ["https://169.254.169.254/latest/meta-data", "link-local-address"],
    ["https://intranet/", "private-address"],
    ["https://wiki.corp/", "private-address"],
    ["https://metadata.example/", "link-local-address"],
    ["https://inside.example/", "private-address"],
    ["http://hub.example/", "scheme"],
  ])("a redirect to %s is refused before the proxy is asked", async (location, reason) => {
    const { port, certificate } = await serveTls(["hub.example"], location);
    const proxy = await proxyFor({ hosts: { "hub.example": port } });
    const { get } = create({
      setting: `http://127.0.0.1:${proxy.port}`,
      trusted: [certificate],
      names: {
        localhost: ["127.0.0.1"],
        "metadata.example": ["169.254.169.254"],
        "inside.example": ["93.184.216.34", "10.1.2.3"],
      },
    });
    expect(await failure(get("https://hub.example/go"))).toMatchObject(blocked(reason));
    expect(proxy.asked).toEqual(["CONNECT hub.example:443"]);
  });

  test.each([
    ["a name nobody knows here", {}],
    ["a name a local proxy program answers for", { "cdn.example": ["198.18.0.9"] }],
    ["a public name", { "cdn.example": ["93.184.216.34"] }],
  ])("a redirect to %s goes on through the proxy, without credentials", async (_what, names) => {
    const cdn = await serveTls(["cdn.example"]);
    const hub = await serveTls(["hub.example"], "https://cdn.example/file");
    const proxy = await proxyFor({ hosts: { "hub.example": hub.port, "cdn.example": cdn.port } });
    const { get, ledger } = create({
      setting: `http://127.0.0.1:${proxy.port}`,
      trusted: [hub.certificate, cdn.certificate],
      names,
    });
    const credentials = { headers: { authorization: "Bearer hf_abcdefgh" }, forHost: "hub.example" };
    expect(await get("https://hub.example/go", { credentials })).toBe("GET /file");
    expect(proxy.asked).toEqual(["CONNECT hub.example:443", "CONNECT cdn.example:443"]);
    expect(hub.seen[0]?.["authorization"]).toBe("Bearer hf_abcdefgh");
    expect(cdn.seen[0]?.["authorization"]).toBeUndefined();
    expect(ledger.rows).toMatchObject([{ host: "hub.example" }, { host: "cdn.example" }]);
  });

  test("a configured hub behind the proxy may send on to the private hosts listed for it", async () => {
    const files = await serveTls(["files.corp"]);
    const hub = await serveTls(["hub.corp"], "https://files.corp/file");
    const proxy = await proxyFor({ hosts: { "hub.corp": hub.port, "files.corp": files.port } });
    const made = (redirectsTo: { host: string }[]) =>
      create({
        setting: `http://127.0.0.1:${proxy.port}`,
        trusted: [hub.certificate, files.certificate],
        configured: [{ host: "hub.corp", redirectsTo }],
        names: { "files.corp": ["10.0.0.9"] },
      });
    expect(await made([{ host: "files.corp" }]).get("https://hub.corp/go")).toBe("GET /file");
    expect(await failure(made([]).get("https://hub.corp/go"))).toMatchObject(blocked("private-address"));
  });

  test("the proxy's name is resolved once, and the connection goes to what was checked", async () => {
    const proxy = await proxyFor({ hosts: {}, refuse: () => 403 });
    let answers = 0;
    const ledger = createMemoryLedger();
    const egress = createEgress({
      ledger,
      policy: createPurposePolicy({ rules: [{ purpose: "test", hosts: "any" }] }),
      onRecordError: () => undefined,
      proxies: () => ({ setting: `http://proxy.example:${proxy.port}`, env: {} }),
      // Rebinding: another address at each question.
      resolve: async () => (++answers === 1 ? ["127.0.0.1"] : ["169.254.169.254"]),
    });
    const get = () => egress.request({ url: "https://hub.example/", purpose: "test", caller: "unit" });
    expect(await failure(get())).toMatchObject({ code: "PROXY_REFUSED" });
    expect(answers).toBe(1);
    expect(await failure(get())).toMatchObject({ code: "PROXY_UNUSABLE", data: { reason: "link-local-address" } });
    expect(proxy.asked).toHaveLength(1);
  });

  test.each([
    ["socks5://u:p@proxy.example:1080", "proxy.example:1080", "socks"],
    ["SOCKS4a://proxy.example", "proxy.example", "socks"],
    [`ftp://me:${secret}@proxy.example`, "proxy.example", "not-an-address"],
    [`http://me:${secret}@`, "", "not-an-address"],
    ["http://169.254.169.254:3128", "169.254.169.254", "link-local-address"],
    ["0.0.0.0:3128", "0.0.0.0", "link-local-address"],
  ])("%s is no proxy: nothing is sent, not even straight", async (text, proxy, reason) => {
    const { get, ledger, resolve } = create({ env: { HTTPS_PROXY: text } });
    const error = await failure(get("https://hub.example/"));
    expect(error).toMatchObject({ code: "PROXY_UNUSABLE", data: { proxy, reason } });
    expect(resolve).not.toHaveBeenCalled();
    expect(ledger.rows).toMatchObject([{ host: "hub.example", result: "failed", reason: `proxy-unusable ${reason}` }]);
    expect(JSON.stringify(ledger.rows)).not.toContain(secret);
  });
});
