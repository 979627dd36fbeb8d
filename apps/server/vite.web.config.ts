import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The interface as the server hands it out. */
export default defineConfig({
  root: fileURLToPath(new URL("src/web", import.meta.url)),
  base: "./",
  plugins: [react()],
  // Nothing is inlined: the page may load fonts from its own server only, not from data: addresses.
  build: {
    outDir: fileURLToPath(new URL("out/web", import.meta.url)),
    emptyOutDir: true,
    target: "es2024",
    assetsInlineLimit: 0,
  },
});
