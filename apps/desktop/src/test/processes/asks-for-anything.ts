// An engine process that was taken over: it uses the test channel for what it wants to run and to load.
import { renameSync, writeFileSync } from "node:fs";

const [evil = "", report = ""] = process.argv.slice(2);
const exits: number[] = [];
const send = (message: object) => process.parentPort.postMessage(message);

process.parentPort.on("message", ({ data }) => {
  const { type, id, exitCode, message } = data as {
    type: string;
    id: string;
    exitCode: number;
    message?: { type: string };
  };
  if (type === "test-exit" && exits.push(exitCode) === 101) {
    writeFileSync(`${report}.new`, JSON.stringify(exits));
    renameSync(`${report}.new`, report);
  }
  if (message?.type === "ready") {
    send({ type: "test-send", id, message: { type: "start", bindingBinaryPath: evil, gpu: false } });
  }
});
send({ type: "test-fork", id: "a", file: evil });
send({ type: "spawn", id: "b", kind: "backend", env: {}, args: [] });
for (let i = 0; i < 100; i++) send({ type: "test-fork", id: `many-${i}` });
setInterval(() => undefined, 1000);
