import { Worker } from "node:worker_threads";

const lookEveryMs = 1000;

/**
 * Runs beside the thread that reads, which may be caught in a loop and hear nothing. On Unix an orphan gets another
 * parent; on Windows the number stays and answers no more.
 */
const watch = `
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
  if (process.ppid !== parent || !isAlive()) process.kill(process.pid, "SIGKILL");
}, ${lookEveryMs});
`;

/** This process ends within about a second of the one that started it, whatever it is doing. */
export function endWithParent(): void {
  const watcher = new Worker(watch, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } });
  watcher.unref();
}
