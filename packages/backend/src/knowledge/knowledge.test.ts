import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withTimeout } from "@deskside/base";
import type { Collection, KnowledgeDocument, Message } from "@deskside/contract";
import { ReadError, readDocument } from "@deskside/knowledge/parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBackend, type TestBackend } from "../test/start-backend.ts";
import type { DocumentParser } from "@deskside/knowledge";

const manual = `# Pump handbook

The warranty of the X200 is 24 months. The warranty of the X300 is 36 months.

## Cooling loop

The cooling loop has three pumps. P-103 delivers 104 cubic metres per hour at 29 metres head.
`;
const guideline = `# 值班指南

锅炉每两年检验一次。检验员在记录上签字。

P-103的额定流量为每小时104立方米。值班电话是13812345678。
`;

/** Reads here: what the processes add is tested where they are. */
const parser: DocumentParser = {
  async read({ name, bytes, ocrLanguages, password }) {
    if (name.includes("secret") && password !== "open sesame") throw new ReadError("password", "encrypted");
    const options = { resources: null, ocrLanguages, password, maximumPages: 100, maximumCharacters: 1e6 };
    return readDocument({ bytes, name }, options);
  },
  [Symbol.asyncDispose]: async () => undefined,
};

const folder = mkdtempSync(join(tmpdir(), "deskside-docs-"));
let backend: TestBackend;
let client: ReturnType<TestBackend["connect"]>;
let collection: Collection;
beforeAll(async () => {
  backend = await startBackend({ parser });
  client = backend.connect();
  writeFileSync(join(folder, "handbook.md"), manual);
  writeFileSync(join(folder, "值班指南.md"), guideline);
  writeFileSync(join(folder, "copy.md"), manual);
  writeFileSync(join(folder, "broken.docx"), "PK\u0003\u0004 nothing");
  writeFileSync(join(folder, "secret.txt"), "The vault opens at nine.");
  collection = await client.knowledge.collections.create({ name: "Plant" });
  await client.knowledge.documents.add({ collectionId: collection.id, paths: [folder] });
  await settled(collection.id);
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Until nothing waits any more, vectors included. */
async function settled(collectionId: string): Promise<void> {
  const wait = async () => {
    for await (const { files, vectors } of await client.knowledge.ingest.watch({ collectionId }))
      if (files.waiting + files.working === 0 && vectors.done === vectors.total) return;
  };
  await withTimeout(wait(), 50_000, () => new Error("never settled"));
}

const documents = () => client.knowledge.documents.list({ collectionId: collection.id });
const named = async (path: string): Promise<KnowledgeDocument> => {
  const found = (await documents()).find((one) => one.path === path);
  if (!found) throw new Error(path);
  return found;
};
const scope = () => ({ kind: "collections" as const, ids: [collection.id] });

async function ask(
  text: string,
  where: Parameters<typeof client.generation.start>[0] extends infer _ ? object : never = {},
): Promise<Message> {
  const { generationId } = await client.generation.start({
    kind: "send",
    chatId: null,
    text,
    scope: scope(),
    ...where,
  });
  for await (const event of await client.generation.watch({ generationId }))
    if ("message" in event && event.type !== "snapshot") return event.message;
  throw new Error("no end");
}

describe("reading", () => {
  it("each file ends ready, skipped, or failed with its reason; none takes another along", async () => {
    const states = Object.fromEntries(
      (await documents()).map(({ path, state, failure }) => [path, failure?.code ?? state]),
    );
    expect(states).toMatchObject({ "值班指南.md": "ready", "broken.docx": "damaged", "secret.txt": "password" });
    expect(new Set([states["handbook.md"], states["copy.md"]])).toEqual(new Set(["duplicate", "ready"]));
    const [first] = await documents();
    expect(first?.state).toBe("failed");
  });

  it("a password opens one file, once", async () => {
    await client.knowledge.documents.retry({ documentId: (await named("secret.txt")).id, password: "open sesame" });
    await settled(collection.id);
    expect(await named("secret.txt")).toMatchObject({ state: "ready", failure: null });
  });

  it("the collection counts what it holds", async () => {
    const now = await client.knowledge.collections.get({ collectionId: collection.id });
    expect(now.files).toMatchObject({ total: 5, failed: 1, skipped: 1 });
    expect(now.vectors.done).toBe(now.vectors.total);
    expect(now.vectors.model).toMatch(/^multilingual-e5-small/);
    expect(now.indexBytes).toBeGreaterThan(0);
  });
});

describe("searching", () => {
  it.each([
    ["How long is the warranty of the X300?", "36 months"],
    ["锅炉多久检验一次？", "每两年检验一次"],
    ["How often is the boiler inspected?", "每两年检验一次"],
  ])("%s", async (query, expected) => {
    const { hits, vectors } = await client.knowledge.search({ scope: scope(), query });
    expect(vectors).toBe("on");
    // Among a handful of passages the model prefers the question's own language.
    expect(hits.slice(0, 2).some(({ text }) => text.includes(expected))).toBe(true);
  });

  it("the viewer gets the passage's lines, the text and the bytes", async () => {
    const { hits } = await client.knowledge.search({ scope: scope(), query: "cooling loop pumps" });
    const [hit] = hits;
    if (!hit) throw new Error("nothing found");
    const passage = await client.knowledge.documents.passage({ documentId: hit.documentId, passageId: hit.passageId });
    expect(passage.spans.every(({ place }) => place.kind === "lines")).toBe(true);
    const text = await client.knowledge.documents.text({ documentId: hit.documentId });
    expect(text.blocks.map(({ kind }) => kind)).toContain("heading");
    const { data, total } = await client.knowledge.documents.bytes({
      documentId: hit.documentId,
      offset: 2,
      length: 4,
    });
    expect([Buffer.from(data, "base64").toString(), total]).toEqual(["Pump", Buffer.byteLength(manual)]);
  });
});

describe("answering", () => {
  it("a question the documents answer: every statement stands on a passage", async () => {
    const { text, grounding, status } = await ask("How long is the warranty of the X200?");
    expect(status).toBe("complete");
    expect(text).toContain("24 months");
    expect(grounding?.verdict).not.toBe("not-in-documents");
    const cited = grounding?.statements.flatMap(({ citations }) => citations) ?? [];
    expect(cited.length).toBeGreaterThan(0);
    const quoted = cited.map(({ source, start, end }) =>
      grounding?.sources.find(({ n }) => n === source)?.text.slice(start, end),
    );
    expect(quoted.some((one) => one?.includes("The warranty of the X200 is 24 months."))).toBe(true);
  });

  it("in Chinese", async () => {
    const { text, grounding } = await ask("P-103的额定流量是多少？");
    expect(text).toContain("104");
    expect(grounding?.sources[0]?.document).toBe("值班指南.md");
  });

  it.each(["What is the salary of the chief engineer?", "公司去年的利润是多少？"])(
    "says that the documents do not say: %s",
    async (question) => {
      const { text, grounding } = await ask(question);
      expect(grounding?.verdict).toBe("not-in-documents");
      expect(text).toMatch(/do not say|没有提到/);
    },
  );

  it("keeps its grounding in the store, and asks again in the same documents", async () => {
    const first = await ask("How long is the warranty of the X200?");
    const chat = await client.chat.get({ chatId: first.chatId });
    expect(chat.messages.find(({ id }) => id === first.id)?.grounding).toEqual(first.grounding);
    const { generationId } = await client.generation.start({
      kind: "regenerate",
      chatId: first.chatId,
      messageId: first.id,
    });
    for await (const event of await client.generation.watch({ generationId }))
      if (event.type === "done") expect(event.message.grounding?.verdict).toBe(first.grounding?.verdict);
  });

  it("a scope without a readable file says so", async () => {
    const empty = await client.knowledge.collections.create({ name: "Empty" });
    const message = await ask("Anything?", { scope: { kind: "collections", ids: [empty.id] } });
    expect(message.error?.code).toBe("NOTHING_TO_SEARCH");
  });
});

describe("files that come, change and go", () => {
  it("bytes from a window are kept encrypted, and go to the chat that is made", async () => {
    const own = await client.knowledge.chatCollection({ chatId: "new" });
    const bytes = Buffer.from("The canteen opens at half past eleven.");
    const { uploadId } = await client.knowledge.upload.start({
      collectionId: own.id,
      path: "../canteen.txt",
      bytes: bytes.length,
    });
    await client.knowledge.upload.piece({ uploadId, offset: 0, data: bytes.toString("base64") });
    const document = await client.knowledge.upload.finish({ uploadId });
    expect(document).toMatchObject({ path: "canteen.txt", originalPath: null });
    await settled(own.id);
    const message = await ask("When does the canteen open?", { scope: { kind: "chat" } });
    expect(message.text).toContain("half past eleven");
    const { data } = await client.knowledge.documents.bytes({ documentId: document.id, offset: 0, length: 100 });
    expect(Buffer.from(data, "base64")).toEqual(bytes);
    expect((await client.knowledge.chatCollection({ chatId: message.chatId })).id).toBe(own.id);
  });

  it("a cut transfer keeps nothing", async () => {
    const { uploadId } = await client.knowledge.upload.start({ collectionId: collection.id, path: "a.txt", bytes: 10 });
    await expect(client.knowledge.upload.finish({ uploadId })).rejects.toMatchObject({ code: "UPLOAD_INCOMPLETE" });
    await expect(client.knowledge.upload.piece({ uploadId, offset: 0, data: "" })).rejects.toMatchObject({
      code: "UPLOAD_NOT_FOUND",
    });
  });

  it("an original that moved is told; what was read from it stays", async () => {
    const document = await named("值班指南.md");
    const moved = join(folder, "moved.md");
    renameSync(join(folder, "值班指南.md"), moved);
    const read = client.knowledge.documents.bytes({ documentId: document.id, offset: 0, length: 10 });
    await expect(read).rejects.toMatchObject({ code: "DOCUMENT_MOVED" });
    expect((await client.knowledge.search({ scope: scope(), query: "检验员" })).hits[0]?.documentId).toBe(document.id);
    await client.knowledge.documents.locate({ documentId: document.id, path: moved });
    await settled(collection.id);
    expect(await named("值班指南.md")).toMatchObject({ state: "ready", originalPath: moved });
  });

  it("a watched folder is followed: new, changed and deleted files", async () => {
    const watched = mkdtempSync(join(tmpdir(), "deskside-watched-"));
    const own = await client.knowledge.collections.create({ name: "Watched" });
    const paths = async () =>
      (await client.knowledge.documents.list({ collectionId: own.id })).map(({ path }) => path).sort();
    const until = async (expected: string[]) => {
      const wait = async () => {
        for await (const _ of await client.knowledge.ingest.watch({ collectionId: own.id }))
          if (JSON.stringify(await paths()) === JSON.stringify(expected)) return;
      };
      await withTimeout(wait(), 20_000, () => new Error(`never ${expected.join()}`));
    };
    writeFileSync(join(watched, "a.txt"), "The gate closes at ten.");
    await client.knowledge.folders.watch({ collectionId: own.id, path: watched });
    await until(["a.txt"]);
    writeFileSync(join(watched, "b.txt"), "The gate opens at six.");
    await until(["a.txt", "b.txt"]);
    rmSync(join(watched, "a.txt"));
    await until(["b.txt"]);
    rmSync(watched, { recursive: true });
  });
});

describe("personal data", () => {
  it("is replaced before anything is stored, and counted", async () => {
    const own = await client.knowledge.collections.create({ name: "Scrubbed", settings: { scrub: ["mobile"] } });
    await client.knowledge.documents.add({ collectionId: own.id, paths: [join(folder, "moved.md")] });
    await settled(own.id);
    const { hits } = await client.knowledge.search({
      scope: { kind: "collections", ids: [own.id] },
      query: "值班电话",
    });
    expect(hits[0]?.text).toContain("[手机号 1]");
    expect(JSON.stringify(hits)).not.toContain("13812345678");
    expect((await client.knowledge.collections.get({ collectionId: own.id })).replaced).toEqual({ mobile: 1 });
  });
});

it("tests itself", async () => {
  const events = [];
  for await (const event of await client.knowledge.selfTest({ collectionId: collection.id })) events.push(event);
  expect(events.at(-1)).toMatchObject({ type: "done", recallAt5: 1 });
});

it("a removed collection is gone, the originals stay", async () => {
  await client.knowledge.collections.remove({ collectionId: collection.id });
  expect((await client.knowledge.collections.list()).map(({ name }) => name)).not.toContain("Plant");
  await expect(documents()).rejects.toMatchObject({ code: "COLLECTION_NOT_FOUND" });
});
