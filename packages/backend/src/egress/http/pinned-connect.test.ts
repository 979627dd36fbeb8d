import { spawn } from "node:child_process";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { createEgress } from "../egress.ts";
import { createPurposePolicy } from "../egress-policy.ts";
import { createMemoryLedger } from "../testing/memory-ledger.ts";
import { readBody } from "../testing/read-body.ts";
import { createSelfSignedCertificate } from "../testing/self-signed-certificate.ts";
import { startServer } from "../testing/start-server.ts";
import { createPinnedConnect } from "./pinned-connect.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A TLS server on loopback that answers with the name it was asked for. */
async function serveTls(hosts: readonly string[]) {
  const { key, certificate } = createSelfSignedCertificate(hosts);
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const { servername } = request.socket as TLSSocket & { servername: string | false };
    response.end(`${String(servername)} ${request.headers.host}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, certificate };
}

function create(addresses: readonly string[], trustedCertificates?: readonly string[]) {
  const ledger = createMemoryLedger();
  const egress = createEgress({
    ledger,
    policy: createPurposePolicy({
      rules: [{ purpose: "test", hosts: "any" }],
      configuredHosts: () => [{ host: "hub.test" }, { host: "127.0.0.1" }],
    }),
    onRecordError: (error) => {
      throw error;
    },
    resolve: async () => addresses,
    connect: createPinnedConnect(trustedCertificates ? { trustedCertificates } : {}),
  });
  const get = async (url: string) => readBody((await egress.request({ url, purpose: "test", caller: "test" })).body);
  return { get, ledger };
}

test("TLS to a checked address still asks for the host's name and checks the certificate against it", async () => {
  const { port, certificate } = await serveTls(["hub.test"]);
  const { get, ledger } = create(["127.0.0.1"], [certificate]);
  expect(await get(`https://hub.test:${port}/`)).toBe(`hub.test hub.test:${port}`);
  expect(ledger.rows).toMatchObject([{ host: "hub.test", port, result: "ok" }]);
});

test("a certificate for an address", async () => {
  const { port, certificate } = await serveTls(["127.0.0.1"]);
  expect(await create([], [certificate]).get(`https://127.0.0.1:${port}/`)).toBe(`false 127.0.0.1:${port}`);
});

test("a certificate for another name, or from a stranger, is refused before a byte of the request is sent", async () => {
  const { port, certificate } = await serveTls(["other.test"]);
  await expect(create(["127.0.0.1"], [certificate]).get(`https://hub.test:${port}/`)).rejects.toMatchObject({
    data: { detail: "ERR_TLS_CERT_ALTNAME_INVALID" },
  });
  await expect(create(["127.0.0.1"]).get(`https://hub.test:${port}/`)).rejects.toMatchObject({
    code: "EGRESS_FAILED",
    data: { detail: "DEPTH_ZERO_SELF_SIGNED_CERT" },
  });
});

test("of several checked addresses the one that answers is taken", async () => {
  await using server = await startServer((_request, response) => response.end("here"));
  expect(await create(["127.0.0.2", "127.0.0.1"]).get(`http://hub.test:${server.port}/`)).toBe("here");
});

/** Connects from a process of its own: the store is read once in a process. */
async function greetFromChild(port: number, env: Record<string, string>): Promise<string> {
  const script = `
    import { createPinnedConnect } from ${JSON.stringify(new URL("./pinned-connect.ts", import.meta.url).href)};
    const socket = createPinnedConnect()({ host: "hub.test", port: ${port}, addresses: ["127.0.0.1"], isSecure: true });
    socket.on("secureConnect", () => { console.log("secure"); socket.destroy(); });
    socket.on("error", (error) => console.log(error.code));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { env: { PATH: "", ...env } });
  let text = "";
  for await (const part of child.stdout) text += String(part);
  return text.trim();
}

test.runIf(process.platform === "linux")(
  "authorities of the system's store and of NODE_EXTRA_CA_CERTS are trusted, others are not",
  async () => {
    const { port, certificate } = await serveTls(["hub.test"]);
    await using folder = await mkdtempDisposable(join(tmpdir(), "deskside-store-"));
    const store = join(folder.path, "store.pem");
    await writeFile(store, certificate);
    expect(await greetFromChild(port, { SSL_CERT_FILE: store })).toBe("secure");
    expect(await greetFromChild(port, { NODE_EXTRA_CA_CERTS: store })).toBe("secure");
    expect(await greetFromChild(port, {})).toMatch(/SELF_SIGNED|UNABLE_TO/);
  },
);
