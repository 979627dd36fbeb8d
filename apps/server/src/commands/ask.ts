import { DesksideError } from "@deskside/base";
import type { Message } from "@deskside/contract";
import { openSession } from "../open-session.ts";

export interface AskOptions {
  dataDir: string;
  question: string;
  /** Id or path of a file. */
  model: string | null;
  json: boolean;
}

/** Asks once. The answer streams to stdout; the chat stays in the list. Throws what the generation failed with. */
export async function ask(options: AskOptions): Promise<void> {
  await using session = await openSession(options.dataDir);
  const { client } = session;
  const { generationId } = await client.generation.start({
    kind: "send",
    chatId: null,
    text: options.question,
    modelId: options.model,
  });
  const stop = () => void client.generation.cancel({ generationId }).catch(() => undefined);
  process.once("SIGINT", stop);
  let printed = 0;
  const print = (message: string) => {
    if (!options.json) process.stdout.write(message);
    printed += message.length;
  };
  let last: Message | undefined;
  for await (const event of await client.generation.watch({ generationId })) {
    if (event.type === "snapshot") print(event.message.text);
    else if (event.type === "delta") print(event.text);
    else {
      print(event.message.text.slice(printed));
      last = event.message;
    }
  }
  process.off("SIGINT", stop);
  if (!options.json) process.stdout.write("\n");
  if (!last) return;
  if (last.error) throw new DesksideError(last.error);
  if (options.json) process.stdout.write(`${JSON.stringify(answerOf(last))}\n`);
}

function answerOf(message: Message) {
  const { stats, model } = message;
  return {
    answer: message.text,
    reasoning: message.reasoning,
    model: model && { id: model.id, name: model.name, quantization: model.quantization },
    stats: {
      promptTokens: stats?.promptTokens ?? 0,
      outputTokens: stats?.outputTokens ?? 0,
      tokensPerSecond: stats?.tokensPerSecond ?? null,
      firstTokenMs: stats?.firstTokenMs ?? null,
    },
    citations: [],
  };
}
