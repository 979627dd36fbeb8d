import { expect, test } from "vitest";
import { chooseRegistry } from "./choose-registry.ts";
import { tarballUrl } from "./download/fetch-tarball.ts";
import { enginesFolderOf } from "./folder/engines-folder.ts";

const publicOne = "https://registry.npmjs.org/";

test.each([
  [{}, null, publicOne],
  [{ npm_config_registry: "https://npm.example/repo" }, null, "https://npm.example/repo"],
  [
    { npm_config_registry: "https://npm.example/", DESKSIDE_NPM_REGISTRY: "http://10.0.0.5:4873" },
    null,
    "http://10.0.0.5:4873/",
  ],
  [{ DESKSIDE_NPM_REGISTRY: "https://a.example/" }, "https://b.example/", "https://b.example/"],
  [{ npm_config_registry: "file:///etc/passwd" }, "not an address", publicOne],
  [{ npm_config_registry: "https://user:secret@npm.example/" }, null, publicOne],
])("the registry of %j and %j is %s", (env, asked, registry) => {
  expect(chooseRegistry(env, asked)).toBe(registry);
});

test("an archive's address keeps the registry's path and drops what is after it", () => {
  expect(tarballUrl("https://npm.example/repo?token=1#x", "linux-x64-cuda", "3.22.1")).toBe(
    "https://npm.example/repo/@node-llama-cpp/linux-x64-cuda/-/linux-x64-cuda-3.22.1.tgz",
  );
  expect(() => tarballUrl("ftp://npm.example/", "a", "1")).toThrow(TypeError);
});

test.each([
  [{ DESKSIDE_ENGINES_DIR: "/own" }, "linux", "/own"],
  [{ XDG_DATA_HOME: "/xdg" }, "linux", "/xdg/deskside/engines"],
  [{ XDG_DATA_HOME: "", DESKSIDE_DATA_DIR: "/elsewhere" }, "linux", "/home/u/.local/share/deskside/engines"],
  [{}, "darwin", "/home/u/Library/Application Support/Deskside/engines"],
  [{ LOCALAPPDATA: "/local", APPDATA: "/roaming" }, "win32", "/local/Deskside/engines"],
])("the folder for %j on %s is %s", (env, platform, folder) => {
  expect(enginesFolderOf(env, platform, "/home/u")).toBe(folder);
});
