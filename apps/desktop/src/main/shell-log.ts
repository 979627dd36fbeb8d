import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

const rollAtBytes = 1_000_000;

/**
 * The shell's own log, for what happens before a backend runs or after it died. Lines hold no text of the user.
 * A log that cannot be written is told to stderr and changes nothing else.
 */
export function createShellLog(path: string): (line: string) => void {
  return (line) => {
    const text = `${new Date().toISOString()} ${line}\n`;
    process.stderr.write(text);
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > rollAtBytes) renameSync(path, `${path}.1`);
      appendFileSync(path, text, { mode: 0o600 });
    } catch (error) {
      process.stderr.write(`shell log: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  };
}
