import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { conversation, send } from "./chat-journeys.ts";
import { test } from "./served-deskside.ts";

const chart = (page: Page, name: string | RegExp) => page.getByRole("region", { name });

test("the monitor draws what the machine does, live", async ({ page, deskside }) => {
  await page.goto(deskside.link);
  await page.getByRole("link", { name: "Monitor" }).click();
  await expect(chart(page, "Generation speed").locator("canvas")).toBeVisible();
  await expect(page.locator(".mon-charts .chart")).toHaveCount(6);
  // One of the two stands for the machine's main memory, with its true size behind the slash.
  await expect(chart(page, /^(?:Memory \(RAM\)|Video memory)$/).getByText(/^\/ [\d.]+ GB$/)).toBeVisible();
  // Something is drawn, and it is not a blank canvas.
  await expect.poll(async () => inkOf(page, "Generation speed")).toBeGreaterThan(100);
});

test("an answer's speed leads to the moment it was written", async ({ page, deskside }) => {
  await page.goto(deskside.link);
  await send(page, "What is the capital of France?");
  await expect(conversation(page)).toContainText("Paris");
  await page.getByTitle("Open the monitor at this moment").last().click();
  await expect(page.getByRole("heading", { level: 1, name: "One answer" })).toBeVisible();
  await expect(page.getByText(/Energy of the graphics cards|Energy not reported/)).toBeVisible();
  await page.getByRole("button", { name: "Back to live" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Monitor" })).toBeVisible();
});

test("readings are exported as they are stored", async ({ page, deskside }) => {
  await page.goto(`${deskside.link}`);
  await page.getByRole("link", { name: "Monitor" }).click();
  await expect(chart(page, "Generation speed")).toBeVisible();
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Export as CSV" }).click(),
  ]);
  const lines = readFileSync(await download.path(), "utf8")
    .trim()
    .split(/\r?\n/);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines[0]).toContain("cpu");
});

test("an alert of one's own survives a restart", async ({ page, deskside }) => {
  await page.goto(deskside.link);
  await page.getByRole("link", { name: "Monitor" }).click();
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("textbox", { name: "Threshold" }).fill("97");
  await page.getByRole("button", { name: "Save" }).click();
  const added = { name: "Memory (RAM) in use above 97% for 1 min" };
  await expect(page.getByRole("switch", added)).toBeVisible();
  await deskside.kill();
  await deskside.restart();
  await page.goto(deskside.link);
  await page.getByRole("link", { name: "Monitor" }).click();
  await expect(page.getByRole("switch", added)).toBeVisible();
});

test("Settings show the measured machine and take a number of threads", async ({ page, deskside }) => {
  await page.goto(deskside.link);
  await page.goto(`${new URL(deskside.link).origin}/#/settings/hardware`);
  await expect(page.getByRole("heading", { name: "This machine" })).toBeVisible();
  await expect(page.getByText(/memory \(RAM\)$/)).toBeVisible();
  const threads = page.getByRole("textbox", { name: "Threads" });
  await threads.fill("1");
  await threads.press("Enter");
  await page.reload();
  await expect(threads).toHaveValue("1");
});

/** Pixels of a chart that are not transparent. */
async function inkOf(page: Page, name: string): Promise<number> {
  return chart(page, name)
    .locator("canvas")
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
      let count = 0;
      for (let index = 3; index < (pixels?.length ?? 0); index += 4) if (pixels?.[index] !== 0) count++;
      return count;
    });
}
