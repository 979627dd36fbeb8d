import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contract } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { expect, it } from "vitest";
import { serveCli } from "./test/run-cli.ts";

const kills = process.env["DESKSIDE_LONG"] === "1" ? 500 : 30;
const seed = Number(process.env["DESKSIDE_SEED"] ?? 20_261_125);

/** What a window was told, and when: text may reach the disk 250 ms late. */
interface Told {
  userMessageId: string;
  messageId: string;
  chatId: string;
  question: string;
  texts: { at: number; text: string }[];
}

function random(state: { value: number }): number {
  state.value = (state.value * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return state.value / 2 ** 32;
}

interface Moments {
  readonly firstText: PromiseWithResolvers<void>;
  readonly firstEnd: PromiseWithResolvers<void>;
}

async function chatUntilKilled(client: ContractClient<Contract>, told: Told[], moments: Moments): Promise<void> {
  for (let turn = 0; ; turn++) {
    const question = `Count to one hundred, number ${turn} of ${Date.now()}`;
    const started = await client.generation.start({
      kind: "send",
      chatId: null,
      text: question,
      modelId: "smollm2-135m-instruct",
      // Some answers end before the kill, some are in their middle.
      sampling: { temperature: 1, maxTokens: turn === 0 ? 40 : 400 },
    });
    const entry: Told = { ...started, userMessageId: started.userMessageId ?? "", question, texts: [] };
    told.push(entry);
    let text = "";
    for await (const event of await client.generation.watch({ generationId: started.generationId })) {
      if (event.type === "delta") text += event.text;
      else text = event.message.text;
      entry.texts.push({ at: performance.now(), text });
      if (text !== "") moments.firstText.resolve();
    }
    moments.firstEnd.resolve();
  }
}

/**
 * One in three comes at any moment of the start, one while the first answer is being written, one after it: whatever the
 * speed of the machine, each is met.
 */
async function momentToKill(kill: number, { firstText, firstEnd }: Moments, state: { value: number }): Promise<void> {
  if (kill % 3 === 1) await firstText.promise;
  if (kill % 3 === 2) await firstEnd.promise;
  await new Promise((resolve) => setTimeout(resolve, 200 + random(state) * 1_500));
}

interface Tally {
  answers: number;
  cutOff: number;
  complete: number;
  withText: number;
}

/** What was told at least half a second before the kill is there, and nothing runs any more. */
async function checkKept(
  client: ContractClient<Contract>,
  last: { told: Told[]; killedAt: number },
  tally: Tally,
): Promise<void> {
  for (const entry of last.told) {
    const { messages } = await client.chat.get({ chatId: entry.chatId });
    expect(messages.find(({ id }) => id === entry.userMessageId)?.text).toBe(entry.question);
    const answer = messages.find(({ id }) => id === entry.messageId);
    expect(answer?.status).not.toBe("running");
    const sure = entry.texts.findLast(({ at }) => at < last.killedAt - 500)?.text ?? "";
    expect(answer?.text.startsWith(sure), `"${sure}" in "${answer?.text}"`).toBe(true);
    tally.answers++;
    if (sure !== "") tally.withText++;
    if (answer?.finish === "interrupted") tally.cutOff++;
    else if (answer?.status === "complete") tally.complete++;
  }
}

// R2: the whole server, killed at random moments of a chat.
it(`${kills} kills of the server lose nothing that was told`, { timeout: 3_600_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "deskside-kill-"));
  const state = { value: seed };
  const tally: Tally = { answers: 0, cutOff: 0, complete: 0, withText: 0 };
  let last: { told: Told[]; killedAt: number } = { told: [], killedAt: 0 };
  for (let kill = 0; kill <= kills; kill++) {
    const served = await serveCli(dataDir);
    const client = await served.connect();
    await checkKept(client, last, tally);
    if (kill === kills) {
      await served.end("SIGTERM");
      break;
    }
    const told: Told[] = [];
    const moments = { firstText: Promise.withResolvers<void>(), firstEnd: Promise.withResolvers<void>() };
    const chatting = chatUntilKilled(client, told, moments).catch(() => undefined);
    await momentToKill(kill, moments, state);
    const killedAt = performance.now();
    await served.end("SIGKILL");
    await chatting;
    last = { told, killedAt };
  }
  console.info(
    `${kills} kills, seed ${seed}: ${tally.answers} answers, ${tally.withText} with text told before, ` +
      `${tally.complete} complete, ${tally.cutOff} cut off, 0 lost`,
  );
  // A test of empty answers would prove nothing.
  expect(tally.withText).toBeGreaterThan(kills / 2);
  expect(tally.cutOff).toBeGreaterThan(kills / 4);
  expect(tally.complete).toBeGreaterThan(kills / 5);
  rmSync(dataDir, { recursive: true, force: true });
});
