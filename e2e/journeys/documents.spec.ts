import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { send } from "./chat-journeys.ts";
import { test } from "./served-deskside.ts";
import { violations } from "./violations.ts";

const handbook = `# Pump handbook

The warranty of the X200 is 24 months. The warranty of the X300 is 36 months.

## Cooling loop

The cooling loop has three pumps. P-103 delivers 104 cubic metres per hour at 29 metres head.
`;

async function openDocuments(page: Page) {
  await page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: "Documents" }).click();
}

test("files go into a collection, an answer stands on them, its number leads to the passage", async ({
  page,
  deskside,
}, info) => {
  const file = join(info.outputDir, "..", "handbook.md");
  writeFileSync(file, handbook);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(deskside.link);
  await openDocuments(page);
  await page.getByRole("button", { name: "Create a collection" }).click();
  await expect(page.getByRole("heading", { name: "My documents" })).toBeVisible();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files…" }).click();
  await (await chooser).setFiles(file);
  await expect(page.getByRole("row", { name: /handbook\.md/ }).getByText("Ready")).toBeVisible({ timeout: 60_000 });
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Ask this collection" }).click();
  await send(page, "How long is the warranty of the X200?");
  const answer = page.getByRole("article", { name: "Answer" });
  await expect(answer.getByText(/24 months/).first()).toBeVisible({ timeout: 60_000 });
  const chip = answer.getByRole("button", { name: /^Passage 1: handbook\.md/ }).first();
  await chip.click();
  const sources = page.getByRole("region", { name: "Details" });
  await expect(sources.locator("mark").first()).toContainText("24 months");
  expect(await violations(page)).toEqual([]);
  await chip.press("Enter");
  const cited = page.getByRole("region", { name: "Page of handbook.md" });
  await expect(cited.getByRole("region", { name: "Text of the document" }).getByText(/24 months/)).toBeVisible();
  await expect(cited.getByText(/^Citation 1 of \d+$/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await answer.getByRole("button", { name: "Export with sources" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Word document" }).click();
  expect((await download).suggestedFilename()).toBe("How long is the warranty of the X200.docx");
  await cited.getByRole("button", { name: "Close the page" }).click();
  await expect(sources).toBeVisible();
});

test("what the documents do not say is said", async ({ page, deskside }, info) => {
  const file = join(info.outputDir, "..", "handbook-2.md");
  writeFileSync(file, handbook);
  await page.goto(deskside.link);
  await openDocuments(page);
  await page.getByRole("button", { name: "Create a collection" }).click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files…" }).click();
  await (await chooser).setFiles(file);
  await expect(page.getByRole("row", { name: /handbook-2\.md/ }).getByText("Ready")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Ask this collection" }).click();
  await send(page, "What is the salary of the chief engineer?");
  await expect(page.getByText("The documents do not say.", { exact: true })).toBeVisible({ timeout: 60_000 });
});
