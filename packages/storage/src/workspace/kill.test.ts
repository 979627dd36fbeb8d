import { dirname, join } from "node:path";
import { sleep } from "@deskside/base";
import { expect, test } from "vitest";
import { localUser } from "../principal.ts";
import { bundleChild, startChild } from "../test/child-process.ts";
import { createRandom, openIn, temporaryFolder } from "../test/temporary-workspace.ts";
import { writtenText } from "../test/written-text.ts";

const kills = process.env["DESKSIDE_LONG"] === "1" ? 3000 : 300;
const lanes = 2;

interface Acknowledged {
  readonly texts: Map<string, { chatId: string; serial: number; step: number }>;
  draft: number;
}

function note(lines: readonly string[], acknowledged: Acknowledged): void {
  for (const line of lines) {
    const [word, id = "", chatId = "", serial, step] = line.split(" ");
    if (word === "text") acknowledged.texts.set(id, { chatId, serial: Number(serial), step: Number(step) });
    if (word === "draft") acknowledged.draft = Number(id);
  }
}

/** Everything acknowledged is there, byte for byte, or further on: the last change may have been made and not said. */
function verify(dataDir: string, acknowledged: Acknowledged, seen: Set<string>): void {
  using workspace = openIn(dataDir);
  // Opening runs integrity_check and every page's authentication code: whatever they find, it repairs and reports.
  expect(workspace.quarantined, "no repair was needed").toBeNull();
  for (const [id, { chatId, serial, step }] of acknowledged.texts) {
    if (seen.has(id)) continue;
    const message = workspace.messages.get(localUser, id);
    const possible = Array.from({ length: 6 - step }, (_, ahead) => writtenText(chatId, serial, step + ahead));
    expect(possible).toContain(message.text);
    if (message.status === "complete") seen.add(id);
  }
  if (acknowledged.draft > 0) expect(Number(workspace.drafts.get(localUser, "new"))).toBeGreaterThan(0);
  workspace.messages.markInterrupted();
  expect(workspace.chats.list(localUser).some(({ running }) => running)).toBe(false);
}

/** One in ten dies while it starts and opens, the others while they write. */
async function killAtRandom(bundle: string, dataDir: string, random: () => number): Promise<readonly string[]> {
  const child = startChild(bundle, [dataDir]);
  if (random() < 0.1) await sleep(random() * 250);
  else {
    await child.linesReached(1 + Math.floor(random() * 40));
    await sleep(random() * 5);
  }
  child.kill();
  await child.exited;
  return child.lines;
}

/** The next child opens what the last one left; every few kills this process looks at everything. */
const killsPerLook = 5;
const looksPerStore = 5;

async function runLane(bundle: string, lane: number, rounds: number): Promise<{ texts: number; midWrite: number }> {
  const random = createRandom(1000 + lane);
  let [texts, midWrite] = [0, 0];
  for (let round = 0; round < rounds; ) {
    const dataDir = join(dirname(bundle), `lane-${lane}-${round}`);
    const acknowledged: Acknowledged = { texts: new Map(), draft: 0 };
    const seen = new Set<string>();
    for (let look = 0; look < looksPerStore && round < rounds; look++) {
      for (let kill = 0; kill < killsPerLook; kill++, round++) {
        const lines = await killAtRandom(bundle, dataDir, random);
        note(lines, acknowledged);
        expect(lines[0] ?? "ready whole", `lane ${lane}, kill ${round}`).toBe("ready whole");
        if (lines.length > 1) midWrite++;
      }
      try {
        verify(dataDir, acknowledged, seen);
      } catch (error) {
        throw new Error(`lane ${lane}, kill ${round}`, { cause: error });
      }
    }
    texts += acknowledged.texts.size;
  }
  return { texts, midWrite };
}

test(`${kills} kills at random moments lose nothing that was acknowledged`, async () => {
  using folder = temporaryFolder();
  const bundle = await bundleChild("write-until-killed.ts", folder.path);
  const results = await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(bundle, lane, kills / lanes)));
  const texts = results.reduce((sum, result) => sum + result.texts, 0);
  const midWrite = results.reduce((sum, result) => sum + result.midWrite, 0);
  console.info(
    `${kills} kills (seeds 1000–${1000 + lanes - 1}): ${midWrite} while writing, ${texts} messages acknowledged`,
  );
  expect(midWrite).toBeGreaterThan(kills / 2);
}, 3_600_000);
