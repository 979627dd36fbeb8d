/** An engine process that starts well and then does what its first argument's variable says: hangs, or dies. */
const behaviour = process.env["ODD_ENGINE"];
process.stderr.write(`odd engine: ${behaviour}\n`);
if (behaviour === "segfault") process.kill(process.pid, "SIGSEGV");
else if (behaviour === "illegal") process.kill(process.pid, "SIGILL");
else if (behaviour === "exit") process.exit(3);
// Silent, and alive as long as its parent listens.
process.on("disconnect", () => process.exit(0));
process.on("message", () => undefined);
