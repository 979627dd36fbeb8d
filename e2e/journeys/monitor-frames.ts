/**
 * Measures how fast the charts of the monitor draw: `node e2e/journeys/monitor-frames.ts [rows]`.
 * Prints; it judges nothing, because a time depends on what else the machine does. Needs the page of
 * `packages/ui/dev/vite.config.ts`, built into the folder that it names.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";

const dist = process.env["UI_DEV_DIST"] ?? "/tmp/ui-dev-dist";
const origin = "http://deskside.test";
const rows = Number(process.argv[2] ?? 100_000);

if (!existsSync(join(dist, "frames.html"))) {
  console.error(`No page in ${dist}. Build it: pnpm --dir packages/ui exec vite build -c dev/vite.config.ts`);
  process.exit(1);
}

const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.route(`${origin}/**`, (route) =>
  route.fulfill({ path: join(dist, new URL(route.request().url()).pathname) }),
);
report("all six charts drawn anew with each frame", await measure(page, "grow"));
report("cursor moved with each frame", await measure(page, "still"));
await browser.close();

async function measure(target: Page, mode: "grow" | "still"): Promise<readonly number[]> {
  await target.goto(`${origin}/frames.html?rows=${rows}&mode=${mode}`);
  await target.locator(".chart canvas").first().waitFor();
  for (let step = 0; ; step++) {
    const times = await target.evaluate(() => (window as unknown as { frameTimes?: number[] }).frameTimes);
    if (times) return times;
    await target.mouse.move(200 + ((step * 7) % 1000), 200 + (step % 40));
  }
}

function report(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const onTime = times.filter((ms) => ms < 17.5).length / times.length;
  console.log(
    `${what}, ${rows} readings: ${(1000 / mean).toFixed(1)} frames/s; ` +
      `median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms; ${(onTime * 100).toFixed(0)}% within one frame of 60 a second`,
  );
}
