import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";
import { copyReaderResources } from "@deskside/knowledge/reader-resources";

const at = (path: string) => join(import.meta.dirname, path);

// Only what package.json lists under `dependencies` stays outside of the bundles: native packages, and those that look for
// files of their own.
export default defineConfig({
  main: {
    plugins: [{ name: "reader-resources", closeBundle: () => copyReaderResources(at("out/main/reader-resources")) }],
    build: {
      rolldownOptions: {
        input: {
          index: at("src/main/index.ts"),
          backend: at("src/processes/backend.ts"),
          engine: at("src/processes/engine.ts"),
          parser: at("src/processes/parser.ts"),
          "index-worker": at("../../packages/knowledge/src/index-store/worker/index-worker.ts"),
          // A thread of the engine's process: it is looked for beside the engine's code.
          "template-worker": at("../../packages/engine/src/chat-template/template-worker.ts"),
        },
        output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at("src/preload/index.ts") },
        // A sandboxed preload script is one CommonJS file.
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: at("src/renderer"),
    plugins: [react()],
    // Nothing is inlined: the page's policy lets fonts come from its own files only.
    build: { minify: true, assetsInlineLimit: 0, rolldownOptions: { input: at("src/renderer/index.html") } },
  },
});
