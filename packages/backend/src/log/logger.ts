import { join } from "node:path";
import { pino } from "pino";
import pinoRoll from "pino-roll";

export type Logger = pino.Logger;

/**
 * Structured log in `<dataDir>/logs/`, a new file a day or each 10 MB, seven kept. Holds codes, ids, counts and
 * durations; never a prompt, an answer, a title, a document or a key: what is logged is named field by field.
 */
export async function createLogger(dataDir: string): Promise<Logger> {
  const stream = await pinoRoll({
    file: join(dataDir, "logs", "deskside"),
    extension: ".log",
    frequency: "daily",
    size: "10m",
    limit: { count: 7 },
    mkdir: true,
  });
  return pino(
    {
      base: null,
      redact: { paths: ["*.text", "*.prompt", "*.key", "*.token", "*.title", "*.reasoning"], remove: true },
      serializers: { err: pino.stdSerializers.err },
    },
    stream,
  );
}

/** For tests and commands that keep no log. */
export function createSilentLogger(): Logger {
  return pino({ level: "silent" });
}
