import { DesksideError } from "@deskside/base";
import type { Message } from "@deskside/contract";
import { openSession } from "../open-session.ts";
import { scopeOf } from "./docs.ts";

export interface AskOptions {
  dataDir: string;
  question: string;
  /** Id or path of a file. */
  model: string | null;
  /** Names of collections the answer is looked up in; empty = the model answers by itself. */
  collections: readonly string[];
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
    scope: await scopeOf(client, options.collections),
  });
  const stop = () => void client.generation.cancel({ generationId }).catch(() => undefined);
  process.once("SIGINT", stop);
  const isChecked = options.collections.length > 0;
  let printed = 0;
  const print = (message: string) => {
    if (!options.json) process.stdout.write(message);
    printed += message.length;
  };
  let last: Message | undefined;
  for await (const event of await client.generation.watch({ generationId })) {
    // What is checked against documents may be replaced in the end: it is printed once, as it came out.
    if (event.type === "snapshot") print(isChecked ? "" : event.message.text);
    else if (event.type === "delta") print(isChecked ? "" : event.text);
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
    ...groundingOf(message),
  };
}

/** One entry for each sentence of a source that carries something, in the order of the answer. */
function groundingOf({ grounding }: Message) {
  if (!grounding) return { citations: [] };
  const seen = new Set<string>();
  const citations = grounding.statements.flatMap(({ citations: own }) =>
    own.flatMap(({ source, start, end }) => {
      const found = grounding.sources.find(({ n }) => n === source);
      const key = `${source}:${start}`;
      if (!found || seen.has(key)) return [];
      seen.add(key);
      return [{ n: source, document: found.document, page: found.page, text: found.text.slice(start, end) }];
    }),
  );
  return { verdict: grounding.verdict, statements: grounding.statements, citations };
}
