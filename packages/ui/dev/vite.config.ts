import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** A page to look at the interface with a backend in memory; no part of the product. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { host: "127.0.0.1", port: 5199 },
  preview: { host: "127.0.0.1", port: 5199 },
  build: {
    rolldownOptions: { input: ["index.html", "frames.html"].map((page) => `${import.meta.dirname}/${page}`) },
    outDir: "/tmp/ui-dev-dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2024",
    reportCompressedSize: false,
  },
});
