import { getLlama, type Token } from "node-llama-cpp";
import { contextSize, decodeTokens, longPrompt, type Speed, shortPrompt } from "./speed.ts";

/** node-llama-cpp alone at its best setting: no process border, no store, no words. */
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

  const decode = async (prompt: Token[], limit: number) => {
    await sequence.clearHistory();
    const started = performance.now();
    let first = 0;
    let count = 0;
    const text: string[] = [];
    for await (const token of sequence.evaluate(prompt, { temperature: 0 })) {
      if (count++ === 0) first = performance.now();
      text.push(model.detokenize([token]));
      if (count >= limit) break;
    }
    return { firstTokenMs: first - started, perSecond: ((count - 1) / (performance.now() - first)) * 1000 };
  };

  await decode(model.tokenize(shortPrompt), 16);
  const long = model.tokenize(longPrompt);
  const { perSecond } = await decode(model.tokenize(shortPrompt), decodeTokens);
  const read = await decode(long, 1);
  const { firstTokenMs } = await decode(model.tokenize(shortPrompt), 1);
  return { decodePerSecond: perSecond, promptPerSecond: (long.length / read.firstTokenMs) * 1000, firstTokenMs };
}
