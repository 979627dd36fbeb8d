import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withTimeout } from "@deskside/base";
import type { Collection, Message } from "@deskside/contract";
import type { DocumentParser } from "@deskside/knowledge";
import { readDocument } from "@deskside/knowledge/parser";
import { startTestServer } from "@deskside/testing/postgres";
import { localUser } from "@deskside/storage";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startBackend, type TestBackend } from "../../test/start-backend.ts";

const handbook = "# Pump handbook\n\nThe warranty of the X200 is 24 months. The warranty of the X300 is 36 months.\n";
const canteen = "The canteen opens at half past eleven. On Fridays it serves dumplings.\n";

const parser: DocumentParser = {
  read: ({ name, bytes, ocrLanguages, password }) =>
    readDocument(
      { bytes, name },
      { resources: null, ocrLanguages, password, maximumPages: 100, maximumCharacters: 1e6 },
    ),
  [Symbol.asyncDispose]: async () => undefined,
};

const folder = mkdtempSync(join(tmpdir(), "deskside-team-"));
let server: Awaited<ReturnType<typeof startTestServer>>;
let backend: TestBackend;
let client: ReturnType<TestBackend["connect"]>;
let team: Collection;
let own: Collection;
beforeAll(async () => {
  server = await startTestServer();
  backend = await startBackend({ parser });
  client = backend.connect();
  writeFileSync(join(folder, "handbook.md"), handbook);
  writeFileSync(join(folder, "canteen.txt"), canteen);
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function settled(collectionId: string, from = client): Promise<void> {
  const wait = async () => {
    for await (const { files, vectors } of await from.knowledge.ingest.watch({ collectionId }))
      if (files.waiting + files.working === 0 && vectors.done === vectors.total) return;
  };
  await withTimeout(wait(), 50_000, () => new Error("never settled"));
}

async function ask(text: string, ids: string[]): Promise<Message> {
  const scope = { kind: "collections" as const, ids };
  const { generationId } = await client.generation.start({ kind: "send", chatId: null, text, scope });
  for await (const event of await client.generation.watch({ generationId }))
    if ("message" in event && event.type !== "snapshot") return event.message;
  throw new Error("no end");
}

const state = async () => (await client.knowledge.server.get()).state;
const egressRows = () => client.system.egress({ limit: 200 });

it("without a server there is no collection on one", async () => {
  expect(await client.knowledge.server.get()).toEqual({
    address: null,
    hasPassword: false,
    locked: false,
    state: "none",
  });
  const missing = { code: "KNOWLEDGE_SERVER_NOT_SET" };
  await expect(client.knowledge.collections.create({ name: "Team", place: "server" })).rejects.toMatchObject(missing);
  await expect(client.knowledge.server.test({ connectionString: null })).rejects.toMatchObject(missing);
});

it("a server is tried without being kept, then kept without its password being shown", async () => {
  const { connectionString } = server;
  const facts = await client.knowledge.server.test({ connectionString });
  expect(facts).toMatchObject({ encrypted: false, vectors: expect.stringMatching(/^0\./) });
  expect(await state()).toBe("none");
  const kept = await client.knowledge.server.set({ connectionString });
  expect(kept).toMatchObject({ hasPassword: true, locked: false });
  expect(kept.address).toBe(connectionString.replace(":secret", ""));
  await expect.poll(state, { timeout: 20_000 }).toBe("ready");
  expect(JSON.stringify([await client.settings.list(), await client.knowledge.server.get()])).not.toContain("secret");
  expect(await client.knowledge.server.test({})).toEqual(facts);
  const rows = (await egressRows()).filter(({ purpose }) => purpose === "team-documents");
  expect(rows.length).toBeGreaterThan(0);
  expect(rows[0]).toMatchObject({ host: "127.0.0.1", caller: "knowledge", proxy: null });
});

it("texts and vectors of a team's collection are on the server, those of others are not", async () => {
  team = await client.knowledge.collections.create({ name: "Team", place: "server" });
  own = await client.knowledge.collections.create({ name: "Own" });
  expect([team.place, own.place]).toEqual(["server", "here"]);
  await client.knowledge.documents.add({ collectionId: team.id, paths: [join(folder, "handbook.md")] });
  await client.knowledge.documents.add({ collectionId: own.id, paths: [join(folder, "canteen.txt")] });
  await settled(team.id);
  await settled(own.id);
  expect(
    (await client.knowledge.collections.list()).map(({ name, place, files }) => [name, place, files.ready]),
  ).toEqual([
    ["Own", "here", 1],
    ["Team", "server", 1],
  ]);
  const texts = (await server.run("SELECT string_agg(text, ' ') AS all FROM deskside.passages")) as { all: string }[];
  expect(texts[0]?.all).toContain("36 months");
  expect(texts[0]?.all).not.toContain("canteen");
  expect(await server.run("SELECT count(*)::int AS n FROM deskside.vectors WHERE vector IS NULL")).toEqual([{ n: 0 }]);
  expect((await client.knowledge.collections.get({ collectionId: team.id })).vectors).toMatchObject({
    ...{ model: expect.stringContaining("e5"), done: 1, total: 1 },
  });
});

it("both places are searched together, viewed, and answered from with citations", async () => {
  const scope = { kind: "everything" as const };
  const first = async (query: string) => (await client.knowledge.search({ scope, query })).hits[0];
  expect((await first("warranty of the X300"))?.collectionId).toBe(team.id);
  expect((await first("when does the canteen open"))?.collectionId).toBe(own.id);
  const hit = await first("warranty of the X300");
  const { documentId = "", passageId = "" } = hit ?? {};
  expect((await client.knowledge.documents.passage({ documentId, passageId })).text).toContain("36 months");
  expect((await client.knowledge.documents.text({ documentId })).blocks[0]?.text).toBe("Pump handbook");
  const { data } = await client.knowledge.documents.bytes({ documentId, offset: 0, length: 6 });
  expect(Buffer.from(data, "base64").toString()).toBe("# Pump");
  const { text, grounding } = await ask("How long is the warranty of the X300?", [team.id, own.id]);
  expect(text).toContain("36 months");
  expect(grounding?.sources[0]?.documentId).toBe(documentId);
});

it("while the server is away its collections say so, the others go on, and reading resumes when it is back", async () => {
  await server.stop();
  const away = { code: "KNOWLEDGE_SERVER_UNAVAILABLE" };
  await expect(client.knowledge.collections.get({ collectionId: team.id })).rejects.toMatchObject(away);
  expect(await state()).toBe("away");
  expect((await client.knowledge.collections.list()).map(({ name }) => name)).toEqual(["Own"]);
  expect((await ask("When does the canteen open?", [own.id])).text).toContain("half past eleven");
  expect((await ask("How long is the warranty of the X300?", [own.id, team.id])).error?.code).toBe(away.code);
  const everything = { scope: { kind: "everything" as const }, query: "canteen" };
  await expect(client.knowledge.search(everything)).rejects.toMatchObject(away);
  await server.start();
  await expect.poll(state, { timeout: 20_000 }).toBe("ready");
  expect((await client.knowledge.collections.get({ collectionId: team.id })).files.ready).toBe(1);
}, 60_000);

it("a file that is being read when the server goes away is read when it is back", async () => {
  const late = Promise.withResolvers<void>();
  const reading = Promise.withResolvers<void>();
  const slow: DocumentParser = {
    ...parser,
    async read(...input) {
      reading.resolve();
      await late.promise;
      return parser.read(...input);
    },
  };
  await using other = await startBackend({ parser: slow });
  const theirs = other.connect();
  await theirs.knowledge.server.set({ connectionString: server.connectionString });
  writeFileSync(join(folder, "late.txt"), "The gate closes at ten in the evening.");
  const [late1] = await theirs.knowledge.documents.add({ collectionId: team.id, paths: [join(folder, "late.txt")] });
  await reading.promise;
  await server.stop();
  late.resolve();
  await expect.poll(async () => (await theirs.knowledge.server.get()).state, { timeout: 20_000 }).toBe("away");
  await server.start();
  await expect
    .poll(() => theirs.knowledge.documents.get({ documentId: late1?.id ?? "" }).catch(() => null), { timeout: 40_000 })
    .toMatchObject({ state: "ready", failure: null });
  // A second computer sees what it holds, but not where the original lies, and cannot read it.
  const seen = await client.knowledge.documents.get({ documentId: late1?.id ?? "" });
  expect(seen).toMatchObject({ path: "late.txt", originalPath: null, state: "ready" });
  const elsewhere = { code: "DOCUMENT_ELSEWHERE", data: { document: "late.txt" } };
  const documentId = seen.id;
  await expect(client.knowledge.documents.bytes({ documentId, offset: 0, length: 1 })).rejects.toMatchObject(elsewhere);
  await expect(client.knowledge.documents.retry({ documentId })).rejects.toMatchObject(elsewhere);
  expect((await client.knowledge.documents.text({ documentId })).blocks[0]?.text).toContain("gate closes");
}, 120_000);

it("a removed collection is gone from the server; without the server only the others are left", async () => {
  await client.knowledge.collections.remove({ collectionId: team.id });
  await expect
    .poll(() => server.run("SELECT count(*)::int AS n FROM deskside.passages"), { timeout: 20_000 })
    .toEqual([{ n: 0 }]);
  await client.knowledge.collections.create({ name: "Kept", place: "server" });
  expect(await client.knowledge.server.remove()).toMatchObject({ address: null, hasPassword: false, state: "none" });
  expect(backend.backend.services.workspace.secrets.get(localUser, "knowledge.server")).toBeNull();
  expect((await client.knowledge.collections.list()).map(({ name }) => name)).toEqual(["Own"]);
  expect(await server.run("SELECT name FROM deskside.collections WHERE kind <> 'removed'")).toEqual([{ name: "Kept" }]);
});
