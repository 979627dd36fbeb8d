import { installedVersion } from "@deskside/backend";
import own from "../package.json" with { type: "json" };

export const versions = {
  deskside: own.version,
  node: process.versions.node,
  electron: null,
  engineLibrary: installedVersion("node-llama-cpp", import.meta.url),
};
