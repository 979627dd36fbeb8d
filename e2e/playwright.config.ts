import { defineConfig } from "@playwright/test";

/** Journeys in a real browser against the built server. `CHROMIUM` names the browser (`npm test` finds it). */
export default defineConfig({
  testDir: "./journeys",
  outputDir: "../.cache/journeys",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 45_000 },
  forbidOnly: true,
  use: {
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
