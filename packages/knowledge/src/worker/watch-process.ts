import { Worker } from "node:worker_threads";

const lookEveryMs = 250;

/**
 * Runs beside the thread that reads, which may be caught in a loop and hear nothing. On Unix an orphan gets another
 * parent; on Windows the number stays and answers no more. The words on stderr are those of V8 when its heap is full:
 * the parent takes both for the same.
 */
const watch = (residentBytes: number) => `
const { writeSync } = require("node:fs");
const parent = process.ppid;
const isAlive = () => {
  try {
    process.kill(parent, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
};
setInterval(() => {
  if (process.memoryUsage.rss() > ${residentBytes}) writeSync(2, "Allocation failed: more resident than allowed\\n");
  else if (process.ppid === parent && isAlive()) return;
  process.kill(process.pid, "SIGKILL");
}, ${lookEveryMs});
`;

/**
 * This process ends within about half a second when the one that started it is gone or when it holds more memory, of
 * whatever kind, whatever it is doing.
 */
export function watchProcess({ residentBytes }: { residentBytes: number }): void {
  const watcher = new Worker(watch(residentBytes), { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } });
  watcher.unref();
}
