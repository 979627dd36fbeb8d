import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addText, describePassageIndex, embedAll, me, model, settings } from "../test/passage-index.contract.ts";
import { createInstalledServer, type InstalledServer, serverPrograms } from "../test/installed-server.ts";
import { silentLog } from "../test/test-index.ts";
import { createPostgresIndex } from "./postgres-index.ts";
import { connectDatabase } from "./server/database.ts";
import { readServerAddress } from "./server/server-address.ts";

const why = serverPrograms === null ? " (skipped: no PostgreSQL is installed in /usr/lib/postgresql)" : "";

describe.skipIf(serverPrograms === null)(`a PostgreSQL server without pgvector${why}`, () => {
  let server: InstalledServer;
  const address = (parameters = "", password = "secret") =>
    `postgres://deskside:${password}@127.0.0.1:${server.port}/postgres${parameters}`;
  const open = (connectionString: string, ca?: string) =>
    createPostgresIndex({ connectionString, tls: ca === undefined ? {} : { ca }, computer: "mine", log: silentLog });
  const unfit = (reason: string) => ({ code: "KNOWLEDGE_SERVER_UNFIT", data: { host: "127.0.0.1", reason } });

  beforeAll(async () => {
    server = await createInstalledServer(serverPrograms ?? "");
    await server.start(false);
    server.run("CREATE ROLE deskside LOGIN PASSWORD 'secret'");
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  test("is told by what is missing: pgvector, rights, the account, encryption", async () => {
    await expect(open(address())).rejects.toMatchObject(unfit("no-pgvector"));
    await expect(open(address("", "wrong"))).rejects.toMatchObject({
      code: "KNOWLEDGE_SERVER_UNAVAILABLE",
      data: { detail: expect.stringContaining("password") },
    });
    await expect(open(address("?sslmode=verify-full"))).rejects.toMatchObject(unfit("no-tls"));
    server.run("CREATE SCHEMA deskside");
    server.run("CREATE TABLE deskside.meta AS SELECT 1 AS version");
    await expect(open(address())).rejects.toMatchObject(unfit("no-rights"));
    server.run("DROP SCHEMA deskside CASCADE");
  });

  test("has to prove itself with a certificate that is trusted, and is used again after it was away", async () => {
    server.stop();
    await expect(open(address())).rejects.toMatchObject({ code: "KNOWLEDGE_SERVER_UNAVAILABLE" });
    await server.start(true);
    await expect(open(address("?sslmode=require"))).rejects.toMatchObject(unfit("no-tls"));
    await expect(open(address("?sslmode=require"), server.certificate)).rejects.toMatchObject(unfit("no-pgvector"));
    const database = connectDatabase({
      ...{ address: readServerAddress(address("?sslmode=require")), ca: server.certificate },
      ...{ connections: 1, log: silentLog },
    });
    const encrypted = () => database.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    expect(await encrypted()).toEqual([{ ssl: true }]);
    server.stop();
    await expect(database.query("SELECT 1")).rejects.toMatchObject({ code: "KNOWLEDGE_SERVER_UNAVAILABLE" });
    await server.start(true);
    expect(await encrypted()).toEqual([{ ssl: true }]);
    await database.close();
  }, 30_000);
});

// A server somewhere: `postgres://…/…`. Its database has to have "test" in its name, because what is in it is deleted.
const external = process.env["DESKSIDE_TEST_PG"] || undefined;

describe.skipIf(external === undefined)(
  `the server that DESKSIDE_TEST_PG names${external === undefined ? " (skipped: it names none)" : ""}`,
  () => {
    const connectionString = external ?? "";
    const open = () => createPostgresIndex({ connectionString, tls: {}, computer: "mine", log: silentLog });
    const clear = async () => {
      const address = readServerAddress(connectionString);
      if (!address.database.includes("test")) throw new Error(`the database ${address.database} is not one for tests`);
      const database = connectDatabase({ address, ca: null, connections: 1, log: silentLog });
      await database.query("DROP SCHEMA IF EXISTS deskside CASCADE");
      await database.close();
    };

    describePassageIndex("it", async () => {
      await clear();
      const index = await open();
      return { index, [Symbol.asyncDispose]: () => index.close() };
    });

    test("several set up, write and embed at once without standing in each other's way", async () => {
      await clear();
      const all = await Promise.all([open(), open(), open()]);
      const made = await Promise.allSettled(
        all.map((index) => index.createCollection(me, { name: "c", kind: "collection", settings })),
      );
      expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const [first] = all;
      const [{ id } = { id: "" }] = await first.listCollections(me);
      await Promise.all(all.map((index) => index.useModel(me, id, model)));
      const texts = (name: string) => Array.from({ length: 40 }, (_, at) => `text ${at} of ${name}`);
      await Promise.all(
        all.flatMap((index, at) =>
          ["own", "same"].map((name) => addText(index, id, `${name} ${name === "own" ? at : ""}`, texts(name))),
        ),
      );
      await Promise.all(all.map((index) => embedAll(index)));
      const stats = (await first.stats(me)).collections;
      expect(stats).toMatchObject([{ id, passages: 160, waiting: 0, files: [{ state: "ready", files: 4 }] }]);
      await Promise.all(all.map((index) => index.close()));
    }, 30_000);
  },
);
