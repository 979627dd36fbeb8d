import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe finds, each rule with the first element that breaks it. */
export async function violations(page: Page): Promise<string[]> {
  await settled(page);
  const { violations: found, passes } = await new AxeBuilder({ page }).analyze();
  if (passes.length <= 5) throw new Error(`axe looked at next to nothing: ${passes.length} rules applied`);
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}

/** In the middle of fading in, words have less contrast than anybody reads them with. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
    // One that is cancelled has ended too.
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}
