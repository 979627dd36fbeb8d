import { defineConfig } from "vitest/config";

const isLong = process.env["DESKSIDE_LONG"] === "1";
/** Suites of minutes and hours: `npm run test:long`. */
const exclude = ["**/node_modules/**", "**/out/**", ...(isLong ? [] : ["**/*.long.test.ts"])];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "architecture",
          environment: "node",
          pool: "forks",
          include: ["scripts/architecture/**/*.test.ts"],
          exclude,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "node",
          environment: "node",
          pool: "forks",
          include: ["packages/!(ui)/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: [...exclude, "scripts/architecture/**"],
          testTimeout: isLong ? 4 * 3_600_000 : 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "ui",
          environment: "happy-dom",
          // Styles are left out of tests, but for the colours whose contrast is computed.
          css: { include: [/tokens\.css/] },
          include: ["packages/ui/src/**/*.test.{ts,tsx}"],
          exclude,
          setupFiles: ["packages/ui/src/test-support/patient-queries.ts"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
