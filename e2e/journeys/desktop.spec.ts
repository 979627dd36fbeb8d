import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { _electron as electron, test } from "@playwright/test";
import { journeys } from "./chat-journeys.ts";

const app = fileURLToPath(new URL("../../apps/desktop", import.meta.url));
const runtime = findRuntime(join(app, "node_modules/electron"));
const asRoot = process.platform === "linux" && process.getuid?.() === 0;

// The same journeys in the real window, where Electron's runtime is there; elsewhere its code is tested on a double.
for (const journey of journeys) {
  test(`desktop: ${journey.name}`, async () => {
    test.skip(runtime === undefined, "Electron's runtime is not on this machine");
    test.skip(asRoot, "Electron's sandbox does not run as root");
    const dataDir = mkdtempSync(join(tmpdir(), "deskside-desktop-"));
    const shell = await electron.launch({
      executablePath: runtime as string,
      args: [app, "--lang=en-GB"],
      env: { ...process.env, DESKSIDE_DATA_DIR: dataDir } as Record<string, string>,
    });
    await journey.run(await shell.firstWindow());
    await shell.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
}

/** The package names the file of its runtime in `path.txt` once it has been fetched. */
function findRuntime(folder: string): string | undefined {
  const named = join(folder, "path.txt");
  const path = existsSync(named) ? join(folder, "dist", readFileSync(named, "utf8").trim()) : undefined;
  return path !== undefined && existsSync(path) ? path : undefined;
}
