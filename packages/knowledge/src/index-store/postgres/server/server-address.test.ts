import { expect, test } from "vitest";
import { readServerAddress } from "./server-address.ts";

test("an address elsewhere is always encrypted; on this computer where it says so", () => {
  expect(readServerAddress("postgres://me:p%40ss@db.example.org/team")).toEqual({
    ...{ host: "db.example.org", port: 5432, user: "me", password: "p@ss", database: "team", encrypted: true },
    certificates: null,
  });
  expect(readServerAddress("postgresql://me@localhost:6000")).toMatchObject({
    ...{ port: 6000, database: "me", encrypted: false },
  });
  expect(readServerAddress("postgres://me@[::1]/d")).toMatchObject({ host: "::1", encrypted: false });
  expect(readServerAddress("postgres://me@127.0.0.1/d?sslmode=require").encrypted).toBe(true);
  expect(readServerAddress("postgres://me@db/d?sslmode=verify-full&sslrootcert=%2Fca.pem").certificates).toBe(
    "/ca.pem",
  );
  expect(readServerAddress("postgres://me@127.0.0.1.example.org/d").encrypted).toBe(true);
});

test.each(["disable", "allow", "prefer", "no-verify"])("sslmode=%s is refused for a server elsewhere", (mode) => {
  const read = () => readServerAddress(`postgres://me@db.example.org/d?sslmode=${mode}`);
  expect(read).toThrow(
    expect.objectContaining({ code: "KNOWLEDGE_SERVER_UNFIT", data: { host: "db.example.org", reason: "plain-text" } }),
  );
});

test.each(["", "mysql://a/b", "db.example.org", "postgres://"])("%j is no address", (text) => {
  expect(() => readServerAddress(text)).toThrow(expect.objectContaining({ code: "KNOWLEDGE_SERVER_UNAVAILABLE" }));
});
