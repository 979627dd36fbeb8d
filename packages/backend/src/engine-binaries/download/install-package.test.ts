import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { EngineBinaryProgress } from "@deskside/contract";
import { afterEach, describe, expect, test } from "vitest";
import { layOutEnginesFolder } from "../folder/engines-folder.ts";
import { readPackageState } from "../folder/package-state.ts";
import { madeVersion, makePackage, type MadeEntry, pin } from "../test/made-archive.ts";
import { type Answer, serveArchive, startRegistry } from "../test/made-registry.ts";
import { type InstallOptions, installPackages } from "./install-package.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

const name = "linux-x64-cuda";

async function setUp(answers: Answer | readonly Answer[], made = makePackage(name), wanted = pin(name, made)) {
  const root = mkdtempSync(join(tmpdir(), "deskside-engines-"));
  roots.push(root);
  const folder = layOutEnginesFolder(root, madeVersion);
  const registry = await startRegistry(answers);
  const progress: EngineBinaryProgress[] = [];
  const stop = new AbortController();
  const install = async (change: Partial<InstallOptions> = {}) => {
    using _door = registry.door.open(registry.registry);
    await installPackages([wanted], {
      ...{ folder, registry: registry.registry, fetchTarball: registry.fetchTarball, signal: stop.signal },
      onProgress: (one) => void progress.push(one),
      retryAfterMs: [],
      freeBytes: async () => 1e12,
      ...change,
    });
  };
  const place = folder.packageFolder(name);
  const state = (deep = false) => readPackageState(place, wanted, { deep });
  return {
    ...{ folder, registry, progress, stop, install, place, state, wanted, made },
    archiveFile: join(folder.downloads, `${name}-${madeVersion}.tgz`),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

const failed = (reason: string, status: number | null = null) => ({
  code: "ENGINE_BINARY_DOWNLOAD_FAILED",
  data: { package: name, reason, status },
});

describe("a package is brought", () => {
  test("whole, with its marker, and nothing is left beside it", async () => {
    const made = makePackage(name);
    await using world = await setUp(serveArchive(made.archive), made);
    await world.install();
    expect(await world.state(true)).toBe("complete");
    expect(readFileSync(join(world.place, "dist/index.js"), "utf8")).toContain("getBinsDir");
    expect(readdirSync(world.folder.downloads)).toEqual([]);
    expect(world.registry.server.requests[0]?.path).toBe(`/@node-llama-cpp/${name}/-/${name}-${madeVersion}.tgz`);
    expect(world.progress.at(-1)).toEqual({
      ...{ stage: "unpack", package: name },
      ...{ receivedBytes: made.archive.length, totalBytes: made.archive.length },
    });
    expect(world.registry.ledger.rows).toMatchObject([{ purpose: "engine-binaries", result: "ok" }]);
    await world.install();
    expect(world.registry.server.requests).toHaveLength(1);
  });

  test("going on where it broke off, in the same fetch and in a later one", async () => {
    const made = makePackage(name);
    const cut: Answer = (_request, response) => {
      response.writeHead(200, { "content-length": made.archive.length });
      response.write(made.archive.subarray(0, 100_000));
    };
    const breakOff = (world: Awaited<ReturnType<typeof setUp>>): Partial<InstallOptions> => ({
      onProgress: ({ receivedBytes }) => {
        if (receivedBytes === 0 || world.registry.server.requests.length > 1) return;
        for (const socket of world.registry.server.sockets) socket.destroy();
      },
    });
    await using world = await setUp([cut, serveArchive(made.archive)], made);
    await expect(world.install(breakOff(world))).rejects.toMatchObject(failed("network"));
    const kept = readFileSync(world.archiveFile).length;
    expect(kept).toBeGreaterThan(0);
    await world.install();
    expect(world.registry.server.requests[1]?.headers["range"]).toBe(`bytes=${kept}-`);
    expect(await world.state(true)).toBe("complete");

    await using again = await setUp([cut, serveArchive(made.archive)], made);
    await again.install({ ...breakOff(again), retryAfterMs: [1] });
    expect(again.registry.server.requests).toHaveLength(2);
    expect(await again.state()).toBe("complete");
  });

  test("from the start where the registry knows no ranges", async () => {
    const made = makePackage(name);
    const whole: Answer = (_request, response) => response.end(made.archive);
    await using world = await setUp(whole, made);
    await world.install();
    expect(await world.state()).toBe("complete");
    await using later = await setUp(whole, made);
    mkdirSync(later.folder.downloads, { recursive: true });
    writeFileSync(later.archiveFile, made.archive.subarray(0, 5_000));
    await later.install();
    expect(await later.state(true)).toBe("complete");
  });

  test("over a redirect on the same host, and a damaged one is replaced", async () => {
    const made = makePackage(name);
    const away: Answer = (request, response) =>
      request.url === "/file"
        ? serveArchive(made.archive)(request, response)
        : response.writeHead(302, { location: "/file" }).end();
    await using world = await setUp(away, made);
    await world.install();
    writeFileSync(join(world.place, "dist/index.js"), "export const getBinsDir = () => ({b});\n");
    expect([await world.state(), await world.state(true)]).toEqual(["damaged", "damaged"]);
    await world.install();
    expect(await world.state(true)).toBe("complete");
  });

  test("the same size with other bytes is seen when every byte is read", async () => {
    const made = makePackage(name);
    await using world = await setUp(serveArchive(made.archive), made);
    await world.install();
    const file = join(world.place, "dist/index.js");
    writeFileSync(file, readFileSync(file, "utf8").replace("getBinsDir", "gotBinsDir"));
    expect([await world.state(), await world.state(true)]).toEqual(["complete", "damaged"]);
  });
});

test("what an ended process left behind goes with a later fetch", async () => {
  const made = makePackage(name);
  await using world = await setUp(serveArchive(made.archive), made);
  const killed = `unpacking-${name}-${randomUUID()}`;
  mkdirSync(join(world.folder.downloads, killed), { recursive: true });
  const [old, young, other] = ["removed-1", `unpacking-${name}-ext-${randomUUID()}`, "other"].map((one) =>
    join(world.folder.downloads, one),
  );
  for (const path of [old, young, other]) mkdirSync(path ?? "", { recursive: true });
  for (const path of [old, other]) utimesSync(path ?? "", 1, 1);
  await world.install();
  expect(readdirSync(world.folder.downloads).sort()).toEqual(["other", basename(young ?? "")]);
});

describe("a download that fails leaves nothing that could be used", () => {
  test.each<[string, Answer, object]>([
    ["404", (_q, r) => r.writeHead(404).end(), failed("not-found", 404)],
    ["500", (_q, r) => r.writeHead(500).end("oops"), failed("http-status", 500)],
    ["an empty answer", (_q, r) => r.end(), failed("truncated")],
    ["a page instead of the archive", (_q, r) => r.end("<html>"), failed("truncated")],
    [
      "a redirect to another host",
      (_q, r) => r.writeHead(302, { location: "http://127.0.0.1:9/x" }).end(),
      { code: "EGRESS_BLOCKED" },
    ],
  ])("%s", async (_what, answer, error) => {
    await using world = await setUp(answer);
    await expect(world.install()).rejects.toMatchObject(error);
    expect(await world.state()).toBe("missing");
  });

  test("other bytes than pinned are deleted, however well they unpack", async () => {
    const made = makePackage(name);
    const other = Buffer.from(made.archive);
    other.set([1], other.length - 20);
    await using world = await setUp(serveArchive(other), made);
    await expect(world.install()).rejects.toMatchObject({
      code: "ENGINE_BINARY_HASH_MISMATCH",
      data: { package: name, expected: world.wanted.integrity },
    });
    expect([await world.state(), existsSync(world.archiveFile)]).toEqual(["missing", false]);
  });

  test("more bytes than pinned are not read", async () => {
    const made = makePackage(name);
    await using world = await setUp((_q, r) => r.end(Buffer.concat([made.archive, Buffer.alloc(5_000_000)])), made);
    await expect(world.install()).rejects.toMatchObject(failed("too-large"));
    expect([await world.state(), existsSync(world.archiveFile)]).toEqual(["missing", false]);
  });

  test("cancelled in the middle: the reason is thrown, what came is kept", async () => {
    const made = makePackage(name);
    const slow: Answer = (_request, response) => {
      response.writeHead(200, { "content-length": made.archive.length });
      response.write(made.archive.subarray(0, 50_000));
    };
    await using world = await setUp(slow, made);
    const reason = new Error("by the user");
    const installing = world.install({
      onProgress: ({ receivedBytes }) => receivedBytes > 0 && world.stop.abort(reason),
    });
    await expect(installing).rejects.toBe(reason);
    expect(readFileSync(world.archiveFile).length).toBeGreaterThan(0);
    expect(readdirSync(world.folder.downloads).filter((file) => file.endsWith(".lock"))).toEqual([]);
    expect(await world.state()).toBe("missing");
  });

  test("a full disk, announced or not", async () => {
    const made = makePackage(name);
    await using world = await setUp(serveArchive(made.archive), made);
    await expect(world.install({ freeBytes: async () => 1_000 })).rejects.toMatchObject({
      code: "ENGINE_BINARY_NO_SPACE",
      data: { freeBytes: 1_000 },
    });
    expect(world.registry.server.requests).toEqual([]);
    let left = 100_000;
    const openFile: InstallOptions["openFile"] = async (path, flags) => {
      const file = await open(path, flags);
      const write = async (chunk: Uint8Array, at: number, length: number) => {
        left -= length;
        if (left < 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
        return await file.write(chunk, at, length);
      };
      return { write, close: () => file.close(), sync: () => file.sync() } as never;
    };
    await expect(world.install({ openFile })).rejects.toMatchObject({ code: "DISK_FULL" });
    await world.install();
    expect(await world.state(true)).toBe("complete");
  });

  test("while another process fetches it", async () => {
    await using world = await setUp(serveArchive(makePackage(name).archive));
    mkdirSync(world.folder.downloads, { recursive: true });
    writeFileSync(`${world.archiveFile}.lock`, String(process.ppid));
    await expect(world.install()).rejects.toMatchObject({ code: "ENGINE_BINARY_BUSY", data: { pid: process.ppid } });
    // Of a process that is gone: no pid is that large.
    writeFileSync(`${world.archiveFile}.lock`, "4194305000");
    await world.install();
    expect(await world.state()).toBe("complete");
  });
});

describe("an archive that wants to go elsewhere", () => {
  const link = (flag: string): MadeEntry => ({ name: "package/bins/x", flag, link: "/etc/passwd" });
  test.each<[string, MadeEntry, string]>([
    ["a path upwards", { name: "package/../../evil", content: "x" }, "unsafe-path"],
    ["an absolute path", { name: "/etc/evil", content: "x" }, "unsafe-path"],
    ["another folder", { name: "other/file", content: "x" }, "unsafe-path"],
    ["a backslash", { name: "package\\..\\evil", content: "x" }, "unsafe-path"],
    ["a drive", { name: "package/C:/evil", content: "x" }, "unsafe-path"],
    ["our own marker", { name: "package/.deskside-package.json", content: "{}" }, "unsafe-path"],
    ["the same name twice", { name: "package/dist/index.js", content: "x" }, "unsafe-path"],
    ["a symbolic link", link("2"), "not-a-file"],
    ["a hard link", link("1"), "not-a-file"],
    ["a device", link("3"), "not-a-file"],
    [
      "a path upwards in an extended header",
      { name: "x", flag: "x", content: "21 path=package/../e\n" },
      "unsafe-path",
    ],
  ])("%s", async (_what, entry, problem) => {
    const follows: MadeEntry[] = entry.flag === "x" ? [{ name: "package/ok", content: "x" }] : [];
    const made = makePackage(name, [entry, ...follows]);
    await using world = await setUp(serveArchive(made.archive), made);
    await expect(world.install()).rejects.toMatchObject({ code: "ENGINE_BINARY_UNPACK_FAILED", data: { problem } });
    expect(await world.state()).toBe("missing");
    expect(readdirSync(world.folder.root, { recursive: true }).join("\n")).not.toMatch(/evil|unpacking/);
  });

  test.each([
    ["holds more than pinned", { unpackedBytes: 1_000 }, "too-large"],
    ["holds less than pinned", { unpackedBytes: 10_000_000 }, "incomplete"],
    ["holds other files", { files: 99 }, "incomplete"],
    ["is another package", { version: "1.2.3" }, "incomplete"],
  ])("one that %s", async (_what, change, problem) => {
    const made = makePackage(name);
    await using world = await setUp(serveArchive(made.archive), made, { ...pin(name, made), ...change });
    await expect(world.install()).rejects.toMatchObject({ code: "ENGINE_BINARY_UNPACK_FAILED", data: { problem } });
    expect(await world.state()).toBe("missing");
  });
});

test("nothing may leave for a package unless a fetch runs", async () => {
  await using registry = await startRegistry(serveArchive(makePackage(name).archive));
  const request = { url: `${registry.registry}x`, fromByte: 0, maxBytes: 10, signal: new AbortController().signal };
  await expect(registry.fetchTarball(request)).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
  {
    using _door = registry.door.open(registry.registry);
    using answer = await registry.fetchTarball({ ...request, maxBytes: 10_000_000 });
    expect(answer.status).toBe(200);
  }
  await expect(registry.fetchTarball(request)).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
  expect(registry.server.requests).toHaveLength(1);
});
