import { expect, it } from "vitest";
import { createAnswerGate } from "./answer-gate.ts";

const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  const later = new Promise((resolve) => setImmediate(resolve, "later"));
  return (await Promise.race([promise, later])) !== "later";
};

it("lets through only while no answer is written", async () => {
  let answering = false;
  const gate = createAnswerGate(() => answering);
  await gate.quiet();
  answering = true;
  gate.changed();
  const [one, two] = [gate.quiet(), gate.quiet()];
  expect(await settled(one)).toBe(false);
  answering = false;
  gate.changed();
  await Promise.all([one, two]);
});

it("holds on when the next answer begins at once, and lets go of who does not wait any longer", async () => {
  let answering = true;
  const gate = createAnswerGate(() => answering);
  const controller = new AbortController();
  const waiting = gate.quiet();
  const leaving = gate.quiet(controller.signal);
  answering = false;
  gate.changed();
  answering = true;
  expect(await settled(waiting)).toBe(false);
  const reason = new Error("stopped");
  controller.abort(reason);
  await expect(leaving).rejects.toBe(reason);
  answering = false;
  gate.changed();
  await waiting;
});
