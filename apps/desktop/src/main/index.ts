import { join } from "node:path";
import { app } from "electron";
import { enginesFolderOf } from "@deskside/backend/engines-folder";
import { locateBinaryTest } from "./children/binary-test.ts";
import { chooseDataDir } from "./data-dir.ts";
import { runDesktopApp } from "./desktop-app.ts";

const out = join(import.meta.dirname, "..");
const shippedModels = app.isPackaged ? join(process.resourcesPath, "models") : join(out, "..", "..", "..", "models");

await runDesktopApp({
  dataDir: chooseDataDir(process.argv.slice(1), process.env, process.platform),
  modelsDir: process.env["DESKSIDE_MODELS_DIR"] || shippedModels,
  rendererDir: join(out, "renderer"),
  preload: join(out, "preload", "index.cjs"),
  entries: {
    backend: join(import.meta.dirname, "backend.js"),
    engine: join(import.meta.dirname, "engine.js"),
    parser: join(import.meta.dirname, "parser.js"),
  },
  binaryTest: locateBinaryTest(import.meta.resolve("node-llama-cpp"), enginesFolderOf(process.env, process.platform)),
});
