import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Longest that is read; the longest secret has 1000 characters. */
const mostCharacters = 4096;

/** From stdin, never from the command line, which process lists and the shell's history would keep. */
export async function readSecret(prompt: string): Promise<string> {
  if (process.stdin.isTTY) return await askSecret(prompt);
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) {
    text += String(part);
    if (text.length > mostCharacters) break;
  }
  return text.trim().slice(0, mostCharacters);
}

/** Typed or pasted, without being shown. */
async function askSecret(prompt: string): Promise<string> {
  process.stderr.write(`${prompt}: `);
  const nowhere = new Writable({ write: (_text, _encoding, done) => done() });
  using asking = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const cancelled = new AbortController();
  asking.once("SIGINT", () => cancelled.abort());
  try {
    return (await asking.question("", { signal: cancelled.signal })).trim();
  } catch (error) {
    if (!cancelled.signal.aborted) throw error;
    return process.exit(130);
  } finally {
    process.stderr.write("\n");
  }
}
