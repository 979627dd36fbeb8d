import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { machine } from "../../test/electron-double/electron-double.ts";
import { readDataKey } from "./data-key.ts";

vi.mock("electron", async () => (await import("../../test/electron-double/electron-double.ts")).electronModule);

let dataDir: string;
const wrappedPath = () => join(dataDir, "keys", "data.key.wrapped");
const lines: string[] = [];
const read = () => readDataKey(dataDir, (line) => lines.push(line));

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "desktop-key-"));
  machine.keyStore = { available: true, backend: "gnome_libsecret", decrypts: true };
  lines.length = 0;
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe("the data key on the desktop", () => {
  it("is made once, wrapped, for this user only, and is the same at the next start", async () => {
    const first = await read();
    expect(first).toMatchObject({ from: "system-store" });
    expect(await read()).toEqual(first);
    const content = readFileSync(wrappedPath(), "latin1");
    const key = Buffer.from((first as { key: Uint8Array }).key);
    expect(key).toHaveLength(32);
    for (const form of ["hex", "base64", "latin1"] as const) expect(content).not.toContain(key.toString(form));
    if (process.platform !== "win32") expect(statSync(wrappedPath()).mode & 0o777).toBe(0o600);
    expect((await readDataKey(mkdtempSync(join(dataDir, "other-")), () => undefined)) as object).not.toEqual(first);
  });

  it.runIf(process.platform === "linux")(
    "falls back to the key file where the system would only pretend, and says so",
    async () => {
      for (const backend of ["basic_text", "unknown"]) {
        machine.keyStore.backend = backend;
        expect(await read()).toEqual({ from: "file" });
      }
      machine.keyStore = { available: false, backend: "gnome_libsecret", decrypts: true };
      expect(await read()).toEqual({ from: "file" });
      expect(existsSync(wrappedPath())).toBe(false);
      expect(lines).toHaveLength(3);
    },
  );

  it("is the headless server's where that was here first: a second key would lock its data away", async () => {
    mkdirSync(join(dataDir, "keys"));
    writeFileSync(join(dataDir, "keys", "data.key"), Buffer.alloc(32, 7));
    expect(await read()).toEqual({ from: "file" });
  });

  it("is never made anew over what cannot be read", async () => {
    await read();
    const before = readFileSync(wrappedPath());
    machine.keyStore.decrypts = false;
    expect(await read()).toMatchObject({
      from: "nowhere",
      error: { code: "KEY_UNAVAILABLE", data: { reason: "store-locked" } },
    });
    machine.keyStore = { available: false, backend: "gnome_libsecret", decrypts: true };
    expect(await read()).toMatchObject({ from: "nowhere", error: { data: { reason: "store-locked" } } });
    expect(readFileSync(wrappedPath())).toEqual(before);
    machine.keyStore.available = true;
    for (const damage of ["", "{}", "not json", '{"version":2,"wrapped":"AAAA"}', before.subarray(0, 20).toString()]) {
      writeFileSync(wrappedPath(), damage);
      expect(await read(), damage).toMatchObject({ from: "nowhere", error: { data: { reason: "damaged" } } });
      expect(readFileSync(wrappedPath(), "utf8")).toBe(damage);
    }
  });

  it("is not made for a folder that holds data without a key", async () => {
    writeFileSync(join(dataDir, "workspace.db"), "x");
    expect(await read()).toMatchObject({ from: "nowhere", error: { data: { reason: "missing" } } });
    expect(existsSync(wrappedPath())).toBe(false);
  });

  it("is not looked for in what is no folder, which stays as it is", async () => {
    writeFileSync(join(dataDir, "keys"), "a file");
    expect(await read()).toMatchObject({ from: "nowhere", error: { code: "KEY_UNAVAILABLE" } });
    expect(readFileSync(join(dataDir, "keys"), "utf8")).toBe("a file");
  });
});
