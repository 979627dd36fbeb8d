import { expect } from "@playwright/test";
import { answerText, journeys, longQuestion, send, waitForText } from "./chat-journeys.ts";
import { test } from "./served-deskside.ts";

for (const journey of journeys) {
  test(journey.name, async ({ page, deskside }) => {
    const foreign: string[] = [];
    page.on("request", (request) => {
      const own = request.url().startsWith(new URL(deskside.link).origin) || request.url().startsWith("data:");
      if (!own) foreign.push(request.url());
    });
    await page.goto(deskside.link);
    await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/(#.*)?$/);
    await journey.run(page);
    expect(foreign).toEqual([]);
  });
}

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

test("two questions in two languages, as the README shows them", async ({ page, deskside }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(deskside.link);
  await send(page, "What is the capital of France?");
  await expect(page.getByText("Paris").first()).toBeVisible();
  await expect(page.getByText(/tok\/s/).first()).toBeVisible();
  await send(page, "And of Germany?");
  await expect(page.getByText("Berlin").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Stop/ })).toHaveCount(0);
  // `DESKSIDE_PICTURES=1` makes the README's picture anew.
  if (process.env["DESKSIDE_PICTURES"] === "1")
    await page.screenshot({ path: new URL("../../docs/images/chat.png", import.meta.url).pathname });
});
