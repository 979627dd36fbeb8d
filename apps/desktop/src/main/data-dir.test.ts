import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseDataDir } from "./data-dir.ts";

describe("the data directory", () => {
  it("is what the command line says, then the environment, then the system", () => {
    const env = { DESKSIDE_DATA_DIR: "/env" };
    expect(chooseDataDir(["--data-dir=/a b"], env, "linux")).toBe(resolve("/a b"));
    expect(chooseDataDir(["--data-dir", "/c"], env, "linux")).toBe(resolve("/c"));
    expect(chooseDataDir(["--data-dir"], env, "linux")).toBe(resolve("/env"));
    expect(chooseDataDir(["--data-dir="], env, "linux")).toBe(resolve("/env"));
    expect(chooseDataDir([], {}, "linux")).toBe(join(homedir(), ".local", "share", "deskside"));
    expect(chooseDataDir([], { XDG_DATA_HOME: "/x" }, "linux")).toBe(join("/x", "deskside"));
    expect(chooseDataDir([], { APPDATA: "/roaming" }, "win32")).toBe(join("/roaming", "Deskside"));
  });
});
