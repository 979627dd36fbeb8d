import { expect, type Page } from "@playwright/test";

/** What a person does in a chat, the same in a browser and in the desktop window. The page shows Deskside already. */
export interface Journey {
  readonly name: string;
  run(page: Page): Promise<void>;
}

export const longQuestion = "Write a long story about a lighthouse keeper and the sea, with many details.";

const composer = (page: Page) => page.getByRole("textbox", { name: "Message" });
export const conversation = (page: Page) => page.getByLabel("Conversation");

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** What the model has written so far, without the words of the interface around it. */
export async function answerText(page: Page): Promise<string> {
  const body = conversation(page).locator("article .md").last();
  if ((await body.count()) === 0) return "";
  return (await body.innerText()).replace(/\s+/g, " ").trim();
}

/** Waits until the answer has at least this many characters. */
export async function waitForText(page: Page, atLeast: number): Promise<void> {
  await expect
    .poll(async () => (await answerText(page).catch(() => "")).length, { timeout: 90_000 })
    .toBeGreaterThanOrEqual(atLeast);
}

export const journeys: readonly Journey[] = [
  {
    name: "first start: a question, and an answer with Paris",
    async run(page) {
      await send(page, "What is the capital of France?");
      await expect(conversation(page)).toContainText("Paris");
      await expect(page.getByText("tok/s").first()).toBeVisible();
      await expect(page.getByRole("contentinfo")).toContainText("0 connections");
    },
  },
  {
    name: "a Chinese question gets a Chinese answer",
    async run(page) {
      await send(page, "法国的首都是哪里?");
      await expect(conversation(page)).toContainText("巴黎");
    },
  },
  {
    name: "stop keeps what was written, continue goes on from it",
    async run(page) {
      await send(page, longQuestion);
      await waitForText(page, 60);
      await page.getByRole("button", { name: /^Stop/ }).first().click();
      const resume = page.getByRole("button", { name: "Continue" });
      await expect(resume).toBeVisible();
      const kept = await answerText(page);
      await resume.click();
      expect(await answerText(page)).toContain(kept);
      await expect(resume).toBeHidden();
    },
  },
  {
    name: "a reload in the middle of an answer finds it running",
    async run(page) {
      await send(page, longQuestion);
      await waitForText(page, 40);
      await page.reload();
      await expect(page.getByRole("button", { name: /^Stop/ }).first()).toBeVisible();
      await page.getByRole("button", { name: /^Stop/ }).first().click();
      await expect(page.getByRole("button", { name: "Continue" })).toBeVisible();
    },
  },
];
