import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contract } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { expect, it } from "vitest";
import { serveCli } from "./test/run-cli.ts";

const kills = process.env["DESKSIDE_LONG"] === "1" ? 500 : 60;
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

async function chatUntilKilled(client: ContractClient<Contract>, told: Told[]): Promise<void> {
  for (let turn = 0; ; turn++) {
    const question = `Count to one hundred, number ${turn} of ${Date.now()}`;
    const started = await client.generation.start({
      kind: "send",
      chatId: null,
      text: question,
      modelId: "starter",
      sampling: { temperature: 2, maxTokens: 400 },
    });
    const entry: Told = { ...started, userMessageId: started.userMessageId ?? "", question, texts: [] };
    told.push(entry);
    let text = "";
    for await (const event of await client.generation.watch({ generationId: started.generationId })) {
      if (event.type === "delta") text += event.text;
      else text = event.message.text;
      entry.texts.push({ at: performance.now(), text });
    }
  }
}

// R2: the whole server, killed at random moments of a chat.
it(`${kills} kills of the server lose nothing that was told`, { timeout: 3_600_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "deskside-kill-"));
  const state = { value: seed };
  let checked = 0;
  let inAnswer = 0;
  let last: { told: Told[]; killedAt: number } | undefined;
  for (let kill = 0; kill <= kills; kill++) {
    const served = await serveCli(dataDir);
    const client = await served.connect();
    for (const entry of last?.told ?? []) {
      const { messages } = await client.chat.get({ chatId: entry.chatId });
      expect(messages.find(({ id }) => id === entry.userMessageId)?.text, `seed ${seed}, kill ${kill}`).toBe(
        entry.question,
      );
      const answer = messages.find(({ id }) => id === entry.messageId);
      expect(answer?.status).not.toBe("running");
      const sure = entry.texts.findLast(({ at }) => at < (last?.killedAt ?? 0) - 500)?.text ?? "";
      expect(answer?.text.startsWith(sure), `seed ${seed}, kill ${kill}: "${sure}" in "${answer?.text}"`).toBe(true);
      if (answer?.finish === "interrupted") inAnswer++;
      checked++;
    }
    if (kill === kills) {
      await served.end("SIGTERM");
      break;
    }
    const told: Told[] = [];
    const chatting = chatUntilKilled(client, told).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200 + random(state) * 1_300));
    const killedAt = performance.now();
    await served.end("SIGKILL");
    await chatting;
    last = { told, killedAt };
  }
  console.info(`${kills} kills, seed ${seed}: ${checked} answers checked, ${inAnswer} of them cut off`);
  expect(checked).toBeGreaterThan(kills / 2);
  expect(inAnswer).toBeGreaterThan(0);
  rmSync(dataDir, { recursive: true, force: true });
});
