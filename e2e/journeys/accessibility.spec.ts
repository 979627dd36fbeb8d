import { expect } from "@playwright/test";
import { conversation, send } from "./chat-journeys.ts";
import { test } from "./served-deskside.ts";
import { violations } from "./violations.ts";

test("axe finds nothing on any screen, in both themes", async ({ browser, deskside }) => {
  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({ colorScheme, locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(deskside.link);
    await send(page, "What is the capital of France?");
    await expect(conversation(page)).toContainText("Paris");
    for (const section of ["chat", "library", "documents", "monitor", "settings", "settings/hardware"]) {
      await page.goto(`${new URL(deskside.link).origin}/#/${section}`);
      await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("contentinfo")).toContainText("connections");
      if (section === "monitor") await expect(page.locator(".mon-charts canvas").first()).toBeVisible();
      if (section === "settings/hardware") await expect(page.getByText(/memory \(RAM\)$/)).toBeVisible();
      expect(await violations(page), section).toEqual([]);
    }
    await context.close();
  }
});
