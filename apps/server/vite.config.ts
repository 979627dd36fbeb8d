import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const source = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The command, the engine process and its template thread. Native packages stay outside the bundle. */
export default defineConfig({
  ssr: { noExternal: true, external: ["node-llama-cpp", "better-sqlite3-multiple-ciphers"] },
  build: {
    ssr: true,
    target: "node24",
    outDir: "out",
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: {
        cli: source("src/cli.ts"),
        engine: source("src/engine.ts"),
        "template-worker": source("../../packages/engine/src/chat-template/template-worker.ts"),
      },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});
