import type { RequestListener } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createEgress, type EgressOptions, type EgressRequest } from "./egress.ts";
import { type ConfiguredHost, createPurposePolicy } from "./egress-policy.ts";
import { createMemoryLedger } from "./testing/memory-ledger.ts";
import { readBody } from "./testing/read-body.ts";
import { startServer } from "./testing/start-server.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(listener: RequestListener) {
  const server = await startServer(listener);
  cleanups.push(async () => server[Symbol.asyncDispose]());
  return server;
}

const localhost: ConfiguredHost = { host: "127.0.0.1" };

function create(configuredHosts: readonly ConfiguredHost[] = [localhost], options: Partial<EgressOptions> = {}) {
  const ledger = createMemoryLedger();
  const recordErrors: unknown[] = [];
  const egress = createEgress({
    ledger,
    policy: createPurposePolicy({
      rules: [{ purpose: "test", hosts: "any" }],
      configuredHosts: () => configuredHosts,
    }),
    onRecordError: (error) => void recordErrors.push(error),
    ...options,
  });
  const send = (url: string, request: Partial<EgressRequest> = {}) =>
    egress.request({ url, purpose: "test", caller: "unit", ...request });
  return { egress, ledger, send, recordErrors };
}

const failure = (detail: string) => ({ code: "EGRESS_FAILED", data: { detail } });
const blocked = (reason: string) => ({ code: "EGRESS_BLOCKED", data: { reason } });

describe("an answer", () => {
  test("arrives whole, with its row of host, purpose, caller and bytes", async () => {
    const server = await serve((_request, response) => response.setHeader("x-model", "a").end("hello"));
    const { send, ledger, egress } = create();
    const response = await send(`${server.origin}/models?q=1#part`, { headers: { Accept: "application/json" } });
    expect(response).toMatchObject({ status: 200, headers: { "x-model": "a" } });
    expect(egress.openConnections()).toEqual([{ address: "127.0.0.1", port: server.port, host: "127.0.0.1" }]);
    expect(ledger.rows).toMatchObject([{ result: "open" }]);
    expect(await readBody(response.body)).toBe("hello");
    expect(ledger.rows).toMatchObject([
      { host: "127.0.0.1", port: server.port, purpose: "test", caller: "unit", result: "ok", reason: null },
    ]);
    const [row] = ledger.rows;
    expect(row?.result === "ok" && row.sentBytes > 50 && row.receivedBytes > 5).toBe(true);
    expect(server.requests).toMatchObject([
      {
        method: "GET",
        path: "/models?q=1",
        headers: { accept: "application/json", "accept-encoding": "identity", host: `127.0.0.1:${server.port}` },
      },
    ]);
    await vi.waitFor(() => expect(egress.openConnections()).toEqual([]));
  });

  test("an HTTP error is an answer, and a body is sent", async () => {
    const server = await serve((request, response) => {
      response.statusCode = 418;
      request.pipe(response);
    });
    const { send } = create();
    const response = await send(server.origin, { method: "POST", body: Buffer.from("tea") });
    expect(response.status).toBe(418);
    expect(await readBody(response.body)).toBe("tea");
    expect(server.requests[0]?.headers["content-length"]).toBe("3");
  });

  test.each([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ] as const)("%s with %i is complete without being read: no row stays open", async (method, status) => {
    const server = await serve((_request, response) => response.writeHead(status).end());
    const { send, ledger, egress } = create();
    const response = await send(server.origin, { method });
    expect(ledger.rows).toMatchObject([{ result: "ok", reason: null }]);
    expect(await readBody(response.body)).toBe("");
    await vi.waitFor(() => expect(egress.openConnections()).toEqual([]));
  });

  test("five megabytes of known bytes come through unchanged", async () => {
    const bytes = Buffer.alloc(5_000_000, "deskside");
    const server = await serve((_request, response) => response.end(bytes));
    const { send } = create();
    const response = await send(server.origin);
    expect((await readBody(response.body)) === bytes.toString()).toBe(true);
  });

  test.each(["break", "dispose"])("somebody who has enough (%s) closes the connection", async (how) => {
    const server = await serve((_request, response) => response.write("first part"));
    const { send, ledger, egress } = create();
    const response = await send(server.origin);
    if (how === "break") for await (const _part of response.body) break;
    else response[Symbol.dispose]();
    expect(ledger.rows).toMatchObject([{ result: "ok", reason: "stopped" }]);
    await vi.waitFor(() => expect([server.sockets.size, egress.openConnections()]).toEqual([0, []]));
  });
});

describe("nothing is let out", () => {
  test("that the policy does not allow: no name is resolved, nothing is connected", async () => {
    const never = vi.fn(() => {
      throw new Error("must not be asked");
    });
    const { send, ledger } = create([], { policy: createPurposePolicy(), resolve: never, connect: never });
    await expect(send("https://hub.example/")).rejects.toMatchObject(blocked("policy"));
    expect(never).not.toHaveBeenCalled();
    expect(ledger.rows).toMatchObject([
      { host: "hub.example", port: 443, result: "blocked", reason: 'nothing may leave for "test"' },
    ]);
  });

  test("when the record cannot be written", async () => {
    const server = await serve((_request, response) => response.end());
    const full = new Error("disk full");
    const ledger = {
      begin: () => {
        throw full;
      },
      finish: () => undefined,
    };
    await expect(create([localhost], { ledger }).send(server.origin)).rejects.toBe(full);
    expect(server.requests).toEqual([]);
  });

  test("loopback, unless the user configured it", async () => {
    const server = await serve((_request, response) => response.end());
    await expect(create([]).send(server.origin)).rejects.toMatchObject(blocked("private-address"));
    await expect(create([{ ...localhost, port: 1 }]).send(server.origin)).rejects.toMatchObject(
      blocked("private-address"),
    );
    expect(server.requests).toEqual([]);
  });
});

test("a row that cannot be finished is reported, and the answer still arrives", async () => {
  const server = await serve((_request, response) => response.end("fine"));
  const full = new Error("disk full");
  const ledger = {
    begin: () => "1",
    finish: () => {
      throw full;
    },
  };
  const { send, recordErrors } = create([localhost], { ledger });
  expect(await readBody((await send(server.origin)).body)).toBe("fine");
  expect(recordErrors).toEqual([full]);
});

describe("redirects", () => {
  test("are followed, each with its row, and the last address is told", async () => {
    const server = await serve((request, response) => {
      const step = Number(request.url?.slice(1) || 0);
      if (step < 5) response.writeHead(302, { location: `/${step + 1}` }).end("ignored");
      else response.end("there");
    });
    const { send, ledger } = create();
    const response = await send(server.origin);
    expect(await readBody(response.body)).toBe("there");
    expect(response.finalUrl).toBe(`${server.origin}/5`);
    expect(ledger.rows.map(({ result }) => result)).toEqual(Array(6).fill("ok"));
  });

  test.each([
    [undefined, 6],
    [99, 6],
    [2, 3],
    [0, 1],
  ])("a loop ends (at most %j): %i requests", async (maxRedirects, requests) => {
    const server = await serve((_request, response) => response.writeHead(302, { location: "/" }).end());
    const { send, ledger } = create();
    const more = maxRedirects === undefined ? {} : { maxRedirects };
    await expect(send(server.origin, more)).rejects.toMatchObject(blocked("too-many-redirects"));
    expect(server.requests).toHaveLength(requests);
    expect(ledger.rows.at(-1)).toMatchObject({ result: "blocked", reason: "too-many-redirects" });
    expect(ledger.rows).toHaveLength(requests + 1);
  });

  test("from one configured host only to the hosts listed for it", async () => {
    const other = await serve((_request, response) => response.end("other"));
    const first = await serve((_request, response) => response.writeHead(307, { location: other.origin }).end());
    const hub = { host: "127.0.0.1", port: first.port };
    const cdn = { host: "127.0.0.1", port: other.port };
    // Both are configured, but nobody said that the one may send to the other.
    await expect(create([hub, cdn]).send(first.origin)).rejects.toMatchObject(blocked("private-address"));
    expect(other.requests).toEqual([]);
    const response = await create([{ ...hub, redirectsTo: [cdn] }]).send(first.origin);
    expect(await readBody(response.body)).toBe("other");
  });

  test("a step back to clear text is refused", async () => {
    const server = await serve((_request, response) =>
      response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    );
    // The connector plays TLS: what counts is that the first address said https.
    const { connect } = await import("node:net");
    const { send, ledger } = create([{ host: "127.0.0.1" }], {
      connect: () => {
        const socket = connect(server.port, "127.0.0.1");
        return socket.once("connect", () => socket.emit("secureConnect"));
      },
    });
    await expect(send("https://127.0.0.1:444/")).rejects.toMatchObject(blocked("scheme"));
    expect(ledger.rows.map(({ result, port }) => [port, result])).toEqual([
      [444, "ok"],
      [1, "blocked"],
    ]);
  });

  test("303 and 302 after POST become GET without body; 307 keeps both at home and is refused abroad", async () => {
    const other = await serve((_request, response) => response.end("other"));
    const server = await serve((request, response) => {
      const [, status, where] = request.url?.split("/") ?? [];
      if (status === "end") request.pipe(response);
      else response.writeHead(Number(status), { location: where === "away" ? other.origin : "/end" }).end();
    });
    const hosts = [{ host: "127.0.0.1", port: server.port, redirectsTo: [localhost] }];
    const { send, ledger } = create(hosts);
    const post = { method: "POST", body: Buffer.from("question") } as const;
    for (const [status, method, text] of [
      [302, "GET", ""],
      [303, "GET", ""],
      [307, "POST", "question"],
      [308, "POST", "question"],
    ] as const) {
      expect(await readBody((await send(`${server.origin}/${status}`, post)).body)).toBe(text);
      expect(server.requests.at(-1)).toMatchObject({ method, path: "/end" });
    }
    await expect(send(`${server.origin}/307/away`, post)).rejects.toMatchObject(blocked("policy"));
    expect(other.requests).toEqual([]);
    expect(ledger.rows.at(-1)).toMatchObject({ result: "blocked", port: other.port });
    expect(await readBody((await send(`${server.origin}/302/away`, post)).body)).toBe("other");
  });
});

describe("credentials", () => {
  const secret = { headers: { Authorization: "Bearer secret" }, forHost: "127.0.0.1" };

  test("go to their host, not to where it redirects, and not back again through a stranger", async () => {
    const home = await serve((request, response) => {
      if (request.url === "/") response.writeHead(302, { location: `${away.origin}/` }).end();
      else if (request.url === "/again") response.writeHead(302, { location: "/last" }).end();
      else response.end("home");
    });
    const away = await serve((_request, response) =>
      response.writeHead(302, { location: `${home.origin}/again` }).end(),
    );
    const { send } = create([{ host: "127.0.0.1", port: home.port, redirectsTo: [localhost] }]);
    const headers = { "X-Session": "private", Range: "bytes=0-9" };
    const response = await send(home.origin, { credentials: secret, headers });
    expect(await readBody(response.body)).toBe("home");
    expect(home.requests[0]?.headers).toMatchObject({ authorization: "Bearer secret", "x-session": "private" });
    expect(home.requests).toHaveLength(3);
    for (const request of [away.requests[0], home.requests[1], home.requests[2]]) {
      expect(request?.headers["authorization"]).toBeUndefined();
      expect(request?.headers["x-session"]).toBeUndefined();
      expect(request?.headers["range"]).toBe("bytes=0-9");
    }
  });

  test("a redirect within their host keeps them", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/") response.writeHead(302, { location: "/file" }).end();
      else response.end(request.headers.authorization);
    });
    expect(await readBody((await create().send(server.origin, { credentials: secret })).body)).toBe("Bearer secret");
  });

  test.each([
    ["for another host", { credentials: { ...secret, forHost: "hub.example" } }],
    ["among the plain headers", { headers: { authorization: "Bearer secret" } }],
    ["as a cookie", { headers: { Cookie: "a=b" } }],
  ])("%s are refused", async (_where, request) => {
    const server = await serve((_request, response) => response.end());
    const { send, ledger } = create();
    await expect(send(server.origin, request)).rejects.toMatchObject(blocked("cross-host-credentials"));
    expect(server.requests).toEqual([]);
    expect(ledger.rows).toMatchObject([{ result: "blocked" }]);
  });

  test("in clear text they do not cross the internet", async () => {
    const connect = vi.fn<NonNullable<EgressOptions["connect"]>>();
    const { send } = create([], { connect, resolve: async () => ["93.184.216.34"] });
    const credentials = { ...secret, forHost: "hub.example" };
    await expect(send("http://hub.example/", { credentials })).rejects.toMatchObject(blocked("scheme"));
    expect(connect).not.toHaveBeenCalled();
  });

  test.each([{ Host: "other" }, { "Transfer-Encoding": "chunked" }, { "x-a": "1\r\nx-b: 2" }, { "x a": "1" }])(
    "a header that would change the request itself is a mistake of ours: %j",
    async (headers) => {
      const server = await serve((_request, response) => response.end());
      const { send, ledger } = create();
      await expect(send(server.origin, { headers: headers as Record<string, string> })).rejects.toBeInstanceOf(
        TypeError,
      );
      expect(server.requests).toEqual([]);
      expect(ledger.rows).toMatchObject([{ result: "failed", reason: "internal" }]);
    },
  );
});

describe("hosts that behave badly", () => {
  test("no server", async () => {
    const server = await startServer((_request, response) => response.end());
    await server[Symbol.asyncDispose]();
    const { send, ledger } = create();
    await expect(send(server.origin)).rejects.toMatchObject(failure("ECONNREFUSED"));
    expect(ledger.rows).toMatchObject([{ result: "failed", reason: "ECONNREFUSED" }]);
  });

  test("a name that is never answered", async () => {
    const { send } = create([], { resolve: () => new Promise(() => undefined) });
    await expect(send("http://slow.example/", { connectTimeoutMs: 30 })).rejects.toMatchObject(blocked("unresolved"));
  });

  test("a host that takes the connection and never shakes hands", async () => {
    const silent = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      cleanups.push(() => void socket.destroy());
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => void silent.close());
    const { send, ledger, egress } = create();
    const pending = send(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/`, { connectTimeoutMs: 50 });
    await expect(pending).rejects.toMatchObject(failure("connect-timeout"));
    expect(ledger.rows).toMatchObject([{ result: "failed", reason: "connect-timeout" }]);
    await vi.waitFor(() => expect(egress.openConnections()).toEqual([]));
  });

  /** Speaks raw bytes: `write` is called for every connection. */
  async function raw(write: (send: (text: string) => void, end: () => void) => void): Promise<string> {
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      cleanups.push(() => void socket.destroy());
      socket.once("data", () =>
        write(
          (text) => socket.write(text),
          () => socket.end(),
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  test("a header that drips, byte after byte, for ever", async () => {
    const url = await raw((send) => {
      send("HTTP/1.1 200 OK\r\n");
      const drip = setInterval(() => send("x"), 10);
      cleanups.push(() => clearInterval(drip));
    });
    const { send, ledger } = create();
    await expect(send(url, { timeoutMs: 150 })).rejects.toMatchObject(failure("header-timeout"));
    expect(ledger.rows).toMatchObject([{ result: "failed", reason: "header-timeout" }]);
  });

  test.each([
    ["a huge header", `HTTP/1.1 200 OK\r\nx: ${"a".repeat(100_000)}\r\n\r\n`, "HPE_HEADER_OVERFLOW"],
    ["not HTTP at all", "220 mail.example ESMTP\r\n", "HPE_INVALID_CONSTANT"],
    [
      "two lengths",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "HPE_UNEXPECTED_CONTENT_LENGTH",
    ],
    [
      "a change of protocol",
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
      null,
    ],
    ["silence and then the end", "", "ECONNRESET"],
  ])("%s", async (_what, text, detail) => {
    const url = await raw((send, end) => {
      send(text);
      end();
    });
    const { send, ledger } = create();
    await expect(send(url)).rejects.toMatchObject(detail === null ? { code: "EGRESS_FAILED" } : failure(detail));
    expect(ledger.rows).toMatchObject([{ result: "failed" }]);
  });

  test("an endless answer, announced or not, ends at the limit", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/announced") response.setHeader("content-length", 2_000_000);
      const part = Buffer.alloc(64 * 1024);
      const more = () => {
        while (!response.destroyed && response.write(part));
      };
      response.on("drain", more);
      more();
    });
    const { send, ledger } = create();
    await expect(send(`${server.origin}/announced`, { maxResponseBytes: 1_000_000 })).rejects.toMatchObject(
      failure("response-too-large"),
    );
    const response = await send(server.origin, { maxResponseBytes: 1_000_000 });
    let received = 0;
    const read = async () => {
      for await (const part of response.body) received += part.byteLength;
    };
    await expect(read()).rejects.toMatchObject(failure("response-too-large"));
    expect(received).toBeLessThanOrEqual(1_000_000);
    expect(ledger.rows).toMatchObject([
      { result: "failed", reason: "response-too-large" },
      { result: "failed", reason: "response-too-large" },
    ]);
    await vi.waitFor(() => expect(server.sockets.size).toBe(0));
  });

  test("an answer that ends before its announced length is no answer", async () => {
    const url = await raw((send, end) => {
      send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
      end();
    });
    const { send, ledger } = create();
    const response = await send(url);
    await expect(readBody(response.body)).rejects.toMatchObject(failure("cut-off"));
    expect(ledger.rows).toMatchObject([{ result: "failed", reason: "cut-off" }]);
  });

  test("a body that stops coming", async () => {
    const server = await serve((_request, response) => response.write("some"));
    const { send, ledger } = create();
    const response = await send(server.origin, { timeoutMs: 50 });
    await expect(readBody(response.body)).rejects.toMatchObject(failure("stalled"));
    expect(ledger.rows).toMatchObject([{ result: "failed", reason: "stalled" }]);
    await vi.waitFor(() => expect(server.sockets.size).toBe(0));
  });

  test("a body that drips for ever, or that nobody reads, ends with the time for everything", async () => {
    const server = await serve((_request, response) => {
      response.write("x");
      const drip = setInterval(() => response.write("x"), 10);
      response.once("close", () => clearInterval(drip));
    });
    const { send, ledger } = create();
    const response = await send(server.origin, { totalTimeoutMs: 150 });
    await expect(readBody(response.body)).rejects.toMatchObject(failure("too-slow"));
    await send(server.origin, { totalTimeoutMs: 150 });
    await vi.waitFor(() => expect(ledger.rows[1]).toMatchObject({ result: "failed", reason: "too-slow" }));
    await vi.waitFor(() => expect(server.sockets.size).toBe(0));
  });
});

describe("a caller who changes their mind", () => {
  const reason = new Error("closed by the user");

  test("before anything: no row, nothing sent", async () => {
    const server = await serve((_request, response) => response.end());
    const { send, ledger } = create();
    await expect(send(server.origin, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect([ledger.rows, server.requests]).toEqual([[], []]);
  });

  test("while the name is looked up", async () => {
    const abort = new AbortController();
    const { send, ledger } = create([], { resolve: () => new Promise(() => abort.abort(reason)) });
    await expect(send("http://slow.example/", { signal: abort.signal })).rejects.toBe(reason);
    expect(ledger.rows).toMatchObject([{ result: "failed", reason: "cancelled" }]);
  });

  test("while the host thinks, and in the middle of the answer", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/thinks") abort.abort(reason);
      else response.write("part");
    });
    let abort = new AbortController();
    const { send, ledger, egress } = create();
    await expect(send(`${server.origin}/thinks`, { signal: abort.signal })).rejects.toBe(reason);
    abort = new AbortController();
    const response = await send(server.origin, { signal: abort.signal });
    const read = async () => {
      for await (const part of response.body) if (part.byteLength > 0) abort.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
    expect(ledger.rows).toMatchObject([
      { result: "failed", reason: "cancelled" },
      { result: "failed", reason: "cancelled" },
    ]);
    await vi.waitFor(() => expect([server.sockets.size, egress.openConnections()]).toEqual([0, []]));
  });
});
