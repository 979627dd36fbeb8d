import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

const at = (path: string) => join(import.meta.dirname, path);

// Only what package.json lists under `dependencies` stays outside of the bundles: the two native packages.
export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        input: {
          index: at("src/main/index.ts"),
          backend: at("src/processes/backend.ts"),
          engine: at("src/processes/engine.ts"),
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
