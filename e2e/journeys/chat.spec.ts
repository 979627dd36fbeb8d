import { expect, type Page } from "@playwright/test";
import { test } from "./served-deskside.ts";

const longQuestion = "Write a long story about a lighthouse keeper and the sea, with many details.";

const composer = (page: Page) => page.getByRole("textbox", { name: "Message" });
const conversation = (page: Page) => page.getByLabel("Conversation");

async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** The first words of the answer, white space folded. */
async function answerText(page: Page): Promise<string> {
  const text = (await conversation(page).innerText()).replace(/\s+/g, " ");
  const from = text.indexOf(longQuestion) + longQuestion.length;
  return text.slice(from, from + 40).trim();
}

/** Waits until the answer has at least this many characters. */
async function waitForText(page: Page, atLeast: number): Promise<void> {
  await expect
    .poll(
      async () =>
        (
          await conversation(page)
            .innerText()
            .catch(() => "")
        ).length,
      { timeout: 90_000 },
    )
    .toBeGreaterThan(longQuestion.length + atLeast);
}

test("first start: a question, and an answer with Paris", async ({ page, deskside }) => {
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(deskside.link).origin) && !request.url().startsWith("data:"))
      foreign.push(request.url());
  });
  await page.goto(deskside.link);
  await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/(#.*)?$/);
  await send(page, "What is the capital of France?");
  await expect(conversation(page)).toContainText("Paris");
  await expect(page.getByText("tok/s").first()).toBeVisible();
  await expect(page.getByRole("contentinfo")).toContainText("0 connections");
  expect(foreign).toEqual([]);
});

test("a Chinese question gets a Chinese answer", async ({ page, deskside }) => {
  await page.goto(deskside.link);
  await send(page, "法国的首都是哪里?");
  await expect(conversation(page)).toContainText("巴黎");
});

test("stop keeps what was written, continue goes on from it", async ({ page, deskside }) => {
  await page.goto(deskside.link);
  await send(page, longQuestion);
  await waitForText(page, 60);
  await page.getByRole("button", { name: /^Stop/ }).first().click();
  const resume = page.getByRole("button", { name: "Continue" });
  await expect(resume).toBeVisible();
  const kept = await answerText(page);
  await resume.click();
  expect(await answerText(page)).toContain(kept);
  await expect(resume).toBeHidden();
});

test("a reload in the middle of an answer finds it running", async ({ page, deskside }) => {
  await page.goto(deskside.link);
  await send(page, longQuestion);
  await waitForText(page, 40);
  await page.reload();
  await expect(page.getByRole("button", { name: /^Stop/ }).first()).toBeVisible();
  await page.getByRole("button", { name: /^Stop/ }).first().click();
  await expect(page.getByRole("button", { name: "Continue" })).toBeVisible();
});

test("the engine is killed in the middle of an answer: what was written stays, Continue works", async ({
  page,
  deskside,
}) => {
  await page.goto(deskside.link);
  await send(page, longQuestion);
  await waitForText(page, 40);
  for (const pid of deskside.enginePids()) process.kill(pid, "SIGKILL");
  const resume = page.getByRole("button", { name: "Continue" });
  await expect(resume).toBeVisible();
  await resume.click();
  await expect(resume).toBeHidden();
  await page.getByRole("button", { name: /^Stop/ }).first().click();
});

test("the server is killed in the middle of an answer: nothing shown is lost", async ({ page, deskside }) => {
  await page.goto(deskside.link);
  await send(page, longQuestion);
  await waitForText(page, 40);
  // Text may be on disk 250 ms late: what was on the page a second ago must be there afterwards.
  const shown = await answerText(page);
  expect(shown.length).toBeGreaterThan(10);
  await page.waitForTimeout(1_000);
  await deskside.kill();
  await deskside.restart();
  await page.goto(deskside.link);
  await page.getByRole("complementary").first().getByText("Write a long story").first().click();
  await expect(page.getByText("The answer was interrupted")).toBeVisible();
  await expect(page.getByRole("button", { name: "Continue" })).toBeVisible();
  expect(await answerText(page)).toContain(shown);
});
