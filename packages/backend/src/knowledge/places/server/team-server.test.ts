import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { inspect } from "node:util";
import { systemClock } from "@deskside/base";
import { startTestServer } from "@deskside/testing/postgres";
import { localUser, openWorkspace } from "@deskside/storage";
import { afterAll, expect, test } from "vitest";
import { createEgress } from "../../../egress/egress.ts";
import { createPurposePolicy, type EgressPolicy } from "../../../egress/egress-policy.ts";
import { createMemoryLedger } from "../../../egress/testing/memory-ledger.ts";
import { createSelfSignedCertificate } from "../../../egress/testing/self-signed-certificate.ts";
import { createSilentLogger } from "../../../log/logger.ts";
import { createSettingsService, type SettingsPolicy } from "../../../settings/settings-service.ts";
import { createEventHub } from "../../../system/event-hub.ts";
import { createServerDoor } from "./server-door.ts";
import { createServerSettings } from "./server-settings.ts";
import { createTeamServer } from "./team-server.ts";

const database = await startTestServer();
const stack = new AsyncDisposableStack();
afterAll(async () => {
  await stack.disposeAsync();
  await database[Symbol.asyncDispose]();
});

function create({
  policy = {},
  guard = (inner: EgressPolicy) => inner,
}: {
  policy?: SettingsPolicy;
  guard?: (inner: EgressPolicy) => EgressPolicy;
} = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "deskside-team-server-"));
  stack.defer(() => rmSync(dataDir, { recursive: true }));
  const log = createSilentLogger();
  const workspace = openWorkspace({ dataDir, dataKey: new Uint8Array(32).fill(7), log });
  stack.defer(() => workspace.close());
  const events = createEventHub();
  const settings = createSettingsService({ workspace, events, policy });
  const door = createServerDoor();
  const ledger = createMemoryLedger();
  const egress = createEgress({
    ...{ ledger, onRecordError: () => undefined },
    policy: guard(door.guard(createPurposePolicy())),
  });
  const told: string[] = [];
  const team = createTeamServer({
    ...{ door, egress, events, log, clock: systemClock, computer: "mine" },
    settings: createServerSettings({ settings, secrets: workspace.secrets }),
    onReady: () => told.push("ready"),
    onChange: () => told.push("changed"),
  });
  stack.use(team);
  return { team, settings, workspace, ledger, told, dataDir };
}

/** In front of the database: encrypts as a server of its own name does. */
async function startEncrypted(host: string) {
  const { key, certificate } = createSelfSignedCertificate([host]);
  const target = Number(new URL(database.connectionString).port);
  const front = createServer((socket) => {
    socket.on("error", () => undefined);
    // The client's question whether encryption is there is eight bytes; "S" says yes.
    socket.once("data", () => {
      socket.write("S");
      const secure = new TLSSocket(socket, { isServer: true, key, cert: certificate });
      const behind = connect(target, "127.0.0.1");
      for (const one of [secure, behind]) one.on("error", () => undefined);
      secure.on("close", () => behind.destroy());
      secure.pipe(behind).pipe(secure);
    });
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  stack.defer(() => void front.close());
  const { port } = front.address() as AddressInfo;
  return { certificate, port };
}

test("the password is kept for its account on its host, and is nowhere to be read", async () => {
  const { team, settings, workspace, dataDir } = create();
  team.set("postgres://me:p%40ss-word@db.example:5433/team?password=ignored&sslmode=verify-full");
  expect(team.view).toMatchObject({
    ...{ address: "postgres://me@db.example:5433/team?sslmode=verify-full", hasPassword: true },
  });
  expect(workspace.secrets.get(localUser, "knowledge.server")).toContain("p@ss-word");
  expect(inspect([team.view, settings.list(localUser)], { depth: 9 })).not.toMatch(/ss-word|ignored/);
  // Another database of the same account needs none again; another host, port or account never gets it.
  team.set("postgres://me@db.example:5433/other");
  expect(team.view.hasPassword).toBe(true);
  team.set("postgres://me@db.example:5434/other");
  expect(team.view.hasPassword).toBe(false);
  expect(workspace.secrets.get(localUser, "knowledge.server")).toBeNull();
  team.set("postgres://me@db.example/team?password=in-the-query");
  expect(team.view).toMatchObject({ address: "postgres://me@db.example/team", hasPassword: true });
  settings.resetSection(localUser, "knowledge");
  expect(team.view.state).toBe("none");
  expect(workspace.secrets.get(localUser, "knowledge.server")).toBeNull();
  for (const name of readdirSync(dataDir)) {
    expect(readFileSync(join(dataDir, name), "latin1"), name).not.toContain("ss-word");
  }
});

test.each([
  ["mysql://a/b", "INVALID_INPUT", {}],
  ["no address", "INVALID_INPUT", {}],
  ["postgres://me@db.example/d?sslmode=disable", "KNOWLEDGE_SERVER_UNFIT", { reason: "plain-text" }],
])("%s is refused, and what was set stays", async (text, code, data) => {
  const { team } = create();
  team.set("postgres://me:secret@db.example/team");
  expect(() => team.set(text)).toThrow(expect.objectContaining({ code, data: expect.objectContaining(data) }));
  expect(team.view).toMatchObject({ address: "postgres://me@db.example/team", hasPassword: true });
});

test("a setting cannot be set with a password, and a policy's address takes one alone", async () => {
  const address = "postgres://team@127.0.0.1:1/team";
  const { team, settings } = create({ policy: { "knowledge.server": address } });
  expect(() => settings.set(localUser, "knowledge.server", "postgres://a:b@c/d")).toThrow(
    expect.objectContaining({ code: "SETTING_LOCKED" }),
  );
  expect(() => create().settings.set(localUser, "knowledge.server", "postgres://a:b@c/d")).toThrow(
    expect.objectContaining({ code: "INVALID_INPUT" }),
  );
  expect(() => team.set("postgres://me:secret@db.example/team")).toThrow(
    expect.objectContaining({ code: "SETTING_LOCKED" }),
  );
  expect(team.view).toMatchObject({ address, hasPassword: false, locked: true });
  team.set("postgres://team:secret@127.0.0.1:1/team");
  expect(team.view).toMatchObject({ address, hasPassword: true, locked: true });
});

test("certificates are checked against the name; an own authority is a file", async () => {
  const { team, ledger, dataDir } = create();
  const { port, certificate } = await startEncrypted("127.0.0.1");
  const ca = join(dataDir, "ca.pem");
  writeFileSync(ca, certificate);
  const address = (mode: string, file: string) =>
    `postgres://postgres:secret@127.0.0.1:${port}/postgres?sslmode=${mode}&sslrootcert=${encodeURIComponent(file)}`;
  const facts = await team.test(address("verify-full", ca));
  expect(facts).toMatchObject({ encrypted: true, vectors: expect.stringMatching(/^0/) });
  const unfit = (reason: string) => ({ code: "KNOWLEDGE_SERVER_UNFIT", data: { host: "127.0.0.1", reason } });
  // Encrypted is not enough: `require` proves the server as well.
  await expect(team.test(address("require", "system"))).rejects.toMatchObject(unfit("no-tls"));
  await expect(team.test(address("require", join(dataDir, "none.pem")))).rejects.toMatchObject(
    unfit("no-certificates"),
  );
  const other = await startEncrypted("db.example");
  writeFileSync(ca, other.certificate);
  const elsewhere = address("verify-full", ca).replace(String(port), String(other.port));
  await expect(team.test(elsewhere)).rejects.toMatchObject(unfit("no-tls"));
  await expect.poll(() => ledger.rows.every(({ result }) => result !== "open")).toBe(true);
  expect(new Set(ledger.rows.map(({ purpose, host }) => `${purpose} ${host}`))).toEqual(
    new Set(["team-documents 127.0.0.1"]),
  );
});

test("a policy that lets nothing out is asked first, and the refusal is recorded", async () => {
  const closed = { blocked: "nothing may leave" };
  const { team, ledger } = create({ guard: (inner) => ({ ...inner, decide: () => closed }) });
  await expect(team.test(database.connectionString)).rejects.toMatchObject({
    ...{ code: "EGRESS_BLOCKED", data: { reason: "policy" } },
  });
  expect(ledger.rows).toMatchObject([{ result: "blocked", reason: closed.blocked, purpose: "team-documents" }]);
});

test("nothing else gets through the door, and it is closed when nobody needs it", () => {
  const door = createServerDoor();
  const policy = door.guard(createPurposePolicy());
  const attempt = { host: "db.example", port: 5432, purpose: "team-documents", caller: "knowledge" };
  expect(policy.decide(attempt)).not.toBe("allow");
  const open = door.open("DB.example.", 5432);
  expect(policy.decide(attempt)).toBe("allow");
  for (const change of [{ host: "other.example" }, { port: 1 }, { purpose: "hub" }, { caller: "library" }])
    expect(policy.decide({ ...attempt, ...change })).not.toBe("allow");
  expect(policy.configuredHosts()).toEqual([{ host: "db.example", port: 5432 }]);
  open[Symbol.dispose]();
  expect(policy.decide(attempt)).not.toBe("allow");
});

test("one that is away is not asked again at once, and tells when it is back", async () => {
  const { team, settings, told, ledger } = create();
  await database.stop();
  team.set(database.connectionString);
  const list = () => team.index.listCollections(localUser);
  const away = { code: "KNOWLEDGE_SERVER_UNAVAILABLE", data: { host: "127.0.0.1" } };
  await expect(list()).rejects.toMatchObject(away);
  const tried = ledger.rows.length;
  await expect(list()).rejects.toMatchObject(away);
  expect(ledger.rows).toHaveLength(tried);
  expect([team.view.state, told.includes("ready")]).toEqual(["away", false]);
  await database.start();
  await expect.poll(() => told.at(-1), { timeout: 10_000 }).toBe("ready");
  expect([await list(), team.view.state]).toEqual([[], "ready"]);
  // A setting of something else leaves the connections alone.
  const before = ledger.rows.length;
  settings.set(localUser, "general.theme", "dark");
  team.set(database.connectionString);
  expect([await list(), ledger.rows.length]).toEqual([[], before]);
  team.remove();
  expect(team.view.state).toBe("none");
  await expect(list()).rejects.toMatchObject({ code: "KNOWLEDGE_SERVER_NOT_SET" });
  await expect.poll(() => ledger.rows.every(({ result }) => result !== "open")).toBe(true);
});
