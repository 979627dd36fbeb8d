import { isDesksideError } from "@deskside/base";
import { createSeededRandom } from "@deskside/testing";
import { type Misbehave, seededMisbehave } from "@deskside/testing/fake-hub";
import { expect, test } from "vitest";
import type { Downloader } from "./downloader.ts";
import { createFixture, type Fixture, quick, randomBytes } from "./test/download-fixture.ts";

const isLong = process.env["DESKSIDE_LONG"] === "1";
const runs = isLong ? 500 : 60;
const batch = 20;
const firstSeed = Number(process.env["DESKSIDE_SEED"] ?? 1);

type Random = ReturnType<typeof createSeededRandom>;
/** "right", or the code of the error. */
type Outcome = string;

/** What nobody can notice without a hash is left out where there is none. */
function hubMisbehaviour(random: Random, hashed: boolean): Misbehave {
  const shares = [0, 0.1, 0.3, 0.6, 0.9];
  const wrong = seededMisbehave(random, shares[random.below(shares.length)] ?? 0);
  return (request) => {
    const chosen = wrong(request);
    const isSilent = chosen?.kind === "wrong-byte" || chosen?.kind === "shifted-bytes";
    return isSilent && !hashed ? null : chosen;
  };
}

/** One download among hubs that do everything wrong, with pauses and restarts in between. */
async function run(seed: number): Promise<Outcome> {
  const random = createSeededRandom(seed);
  await using fixture = await createFixture();
  const hashed = random.below(5) > 0;
  const files = { "model.gguf": randomBytes(seed, 1 + random.below(900_000)) };
  const hubs = [];
  for (let count = 1 + random.below(3); count > 0; count--) {
    hubs.push(await fixture.hub(files, hubMisbehaviour(random, hashed)));
  }
  const options = { random: () => random.next(), tuning: { ...quick, stallMs: 150, parallel: 1 + random.below(4) } };
  let downloader: Downloader = await fixture.downloader(options);
  await downloader.start(fixture.request(files, hubs, hashed));
  for (let times = random.below(3); times > 0; times--) {
    await new Promise((resolve) => setTimeout(resolve, random.below(60)));
    downloader = await interrupt(fixture, downloader, options, random.below(2) === 0);
  }
  const outcome = await downloader.finished("d1").then(
    () => "right",
    (error: unknown) => (isDesksideError(error) ? error.code : String(error)),
  );
  const visible = await fixture.visible();
  expect(visible, `seed ${seed}`).toEqual(outcome === "right" ? files : {});
  return outcome;
}

async function interrupt(fixture: Fixture, downloader: Downloader, options: object, restarts: boolean) {
  if (!restarts) {
    await downloader.pause("d1");
    await downloader.resume("d1");
    return downloader;
  }
  await downloader[Symbol.asyncDispose]();
  return fixture.downloader(options);
}

const named = [
  "right",
  "DOWNLOAD_HASH_MISMATCH",
  "DOWNLOAD_SIZE_MISMATCH",
  "DOWNLOAD_CHANGED",
  "DOWNLOAD_FAILED",
  "HUB_RATE_LIMITED",
  "EGRESS_BLOCKED",
];
const outcomes = new Map<Outcome, number>();

test.each(Array.from({ length: Math.ceil(runs / batch) }, (_, index) => firstSeed + index * batch))(
  "from seed %i on: the right file or a named error, and never another file",
  async (seed) => {
    for (let each = seed; each < seed + batch; each++) {
      const outcome = await run(each);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      expect(named, `seed ${each}`).toContain(outcome);
    }
  },
  600_000,
);

test("the hubs were neither too kind nor too bad for the runs to mean something", () => {
  const right = outcomes.get("right") ?? 0;
  const all = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  if (isLong) process.stdout.write(`${JSON.stringify(Object.fromEntries(outcomes))}\n`);
  expect(all).toBe(Math.ceil(runs / batch) * batch);
  expect(right).toBeGreaterThan(all * 0.4);
  expect(right).toBeLessThan(all);
});
