import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { copyReaderResources } from "@deskside/knowledge/reader-resources";

const source = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * The command, the engine process and its template thread, the parser process, the thread of the index. Native packages,
 * and those that look for files of their own, stay outside the bundle.
 */
export default defineConfig({
  ssr: {
    noExternal: true,
    external: ["node-llama-cpp", "better-sqlite3-multiple-ciphers", "pdfjs-dist", "@napi-rs/canvas", "tesseract.js"],
  },
  plugins: [{ name: "reader-resources", closeBundle: () => copyReaderResources(source("out/reader-resources")) }],
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
        parser: source("src/parser.ts"),
        "index-worker": source("../../packages/knowledge/src/index-store/worker/index-worker.ts"),
        "template-worker": source("../../packages/engine/src/chat-template/template-worker.ts"),
      },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});
