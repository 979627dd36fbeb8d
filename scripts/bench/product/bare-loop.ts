import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { getLlama, JinjaTemplateChatWrapper, type LlamaModel, type Token } from "node-llama-cpp";
import { contextSize, decodeTokens, longPrompt, median, repeats, type Speed, shortPrompt } from "./speed.ts";

/** node-llama-cpp alone at its best setting: no process border, no store, no window. The same prompts, token for token. */
export async function measureBareLoop(path: string, threads: number): Promise<Speed> {
  const llama = await getLlama({ gpu: false, build: "never", maxThreads: 0, progressLogs: false });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({
    contextSize,
    batchSize: 512,
    threads,
    batching: { dispatchSchedule: (dispatch) => dispatch() },
  });
  const sequence = context.getSequence();
  const system = systemPromptOf(path);

  const decode = async (prompt: Token[], limit: number) => {
    const started = performance.now();
    // As the product does: what the last prompt has in common is not read again. One token has to be left.
    await sequence.adaptStateToTokens(prompt.slice(0, -1));
    const unread = prompt.slice(sequence.nextTokenIndex);
    let first = 0;
    let count = 0;
    let text = "";
    for await (const token of sequence.evaluate(unread, { temperature: 0 })) {
      if (count++ === 0) first = performance.now();
      text += model.detokenize([token]);
      if (count >= limit) break;
    }
    if (count < Math.min(limit, 8)) throw new Error(`only ${count} tokens: ${text}`);
    return {
      read: unread.length,
      firstTokenMs: first - started,
      perSecond: ((count - 1) / (performance.now() - first)) * 1000,
    };
  };

  const short = promptTokens(model, system, shortPrompt);
  const long = promptTokens(model, system, longPrompt);
  const runs = [];
  for (let run = 0; run < repeats; run++) {
    const { perSecond, firstTokenMs } = await decode(short, decodeTokens);
    const read = await decode(long, 1);
    runs.push({ perSecond, firstTokenMs, read: (read.read / read.firstTokenMs) * 1000 });
  }
  return {
    decodePerSecond: median(runs.map((run) => run.perSecond)),
    promptPerSecond: median(runs.map((run) => run.read)),
    firstTokenMs: median(runs.map((run) => run.firstTokenMs)),
  };
}

function promptTokens(model: LlamaModel, system: string, user: string): Token[] {
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  if (template === undefined) throw new Error("no chat template");
  const { contextText } = new JinjaTemplateChatWrapper({ template }).generateContextState({
    chatHistory: [
      { type: "system", text: system },
      { type: "user", text: user },
      { type: "model", response: [] },
    ],
  });
  return contextText.tokenize(model.tokenizer);
}

function systemPromptOf(path: string): string {
  const manifest = JSON.parse(readFileSync(join(dirname(path), "manifest.json"), "utf8"));
  return manifest.systemPrompt.en;
}
