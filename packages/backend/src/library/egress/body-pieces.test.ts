import { createHash } from "node:crypto";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { HttpClient } from "@deskside/model-library";
import { expect, test } from "vitest";
import { createEgress } from "../../egress/egress.ts";
import { createPurposePolicy } from "../../egress/egress-policy.ts";
import { createPinnedConnect } from "../../egress/http/pinned-connect.ts";
import { createMemoryLedger } from "../../egress/testing/memory-ledger.ts";
import { createSelfSignedCertificate } from "../../egress/testing/self-signed-certificate.ts";
import { startServer } from "../../egress/testing/start-server.ts";
import { hubCaller } from "./hub-door.ts";
import { createLibraryHttp } from "./library-http.ts";

const body = Buffer.from(Array.from({ length: 3 * 1024 * 1024 }, (_, index) => (index * 2_654_435_761) >>> 24));
const expected = createHash("sha256").update(body).digest("hex");

function createHttp(trustedCertificates: readonly string[] = []): HttpClient {
  const egress = createEgress({
    ledger: createMemoryLedger(),
    policy: createPurposePolicy({
      rules: [{ purpose: "model-download", hosts: "any", callers: [hubCaller] }],
      configuredHosts: () => [{ host: "127.0.0.1" }],
    }),
    onRecordError: (error) => {
      throw error;
    },
    connect: createPinnedConnect({ trustedCertificates }),
  });
  return createLibraryHttp(egress);
}

/** Takes the memory of each piece away as soon as it is read, as a fast download does. */
async function readAndFree(http: HttpClient, url: string) {
  const hash = createHash("sha256");
  const seen = new Set<ArrayBufferLike>();
  let freed = 0;
  let shared = 0;
  using response = await http.request({ url, purpose: "model-download", maxResponseBytes: 10_000_000 });
  for await (const piece of response.body) {
    const { buffer } = piece;
    if (seen.has(buffer)) shared++;
    seen.add(buffer);
    hash.update(piece);
    if (buffer instanceof ArrayBuffer && piece.byteLength * 2 > buffer.byteLength) {
      freed += piece.byteLength;
      buffer.transfer(0);
    }
  }
  return { sha256: hash.digest("hex"), freed, shared };
}

test("pieces of a plain connection are nobody else's: their memory can be taken away", async () => {
  await using server = await startServer((_request, response) => {
    response.setHeader("content-length", body.length);
    response.end(body);
  });
  const read = await readAndFree(createHttp(), `${server.origin}/model.gguf`);
  expect(read).toMatchObject({ sha256: expected, shared: 0 });
  expect(read.freed).toBeGreaterThan(body.length / 2);
});

test("and so are those of an encrypted one", async () => {
  const { key, certificate } = createSelfSignedCertificate(["127.0.0.1"]);
  const server = createServer({ key, cert: certificate }, (_request, response) => {
    response.setHeader("content-length", body.length);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const read = await readAndFree(createHttp([certificate]), `https://127.0.0.1:${port}/model.gguf`);
    expect(read).toMatchObject({ sha256: expected, shared: 0 });
    expect(read.freed).toBeGreaterThan(0);
  } finally {
    server.close().closeAllConnections();
  }
});

test("and so are those of a file of this computer", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "deskside-pieces-"));
  const path = join(folder.path, "model.gguf");
  await writeFile(path, body);
  expect(await readAndFree(createHttp(), pathToFileURL(path).href)).toMatchObject({ sha256: expected, shared: 0 });
});
