import { expect, it } from "vitest";
import {
  type EngineLifecycle,
  failuresToGiveUp,
  type LifecycleEvent,
  nextLifecycle,
  offLifecycle,
} from "./engine-lifecycle.ts";

const run = (...events: LifecycleEvent[]): EngineLifecycle => events.reduce(nextLifecycle, offLifecycle);
const up: LifecycleEvent[] = [{ type: "start" }, { type: "spawned" }, { type: "loaded" }];
const crash: LifecycleEvent[] = [{ type: "failed", retry: true }, { type: "spawned" }, { type: "loaded" }];

it.each<[string, LifecycleEvent[], EngineLifecycle]>([
  ["starts", up, { phase: "ready", failures: 0 }],
  ["restarts after a crash", [...up, { type: "failed", retry: true }], { phase: "restarting", failures: 1 }],
  ["is ready again", [...up, ...crash], { phase: "ready", failures: 1 }],
  ["an answer ends the row of failures", [...up, ...crash, { type: "answered" }], { phase: "ready", failures: 0 }],
  [
    "gives up after three in a row",
    [...up, ...crash, ...crash, { type: "failed", retry: true }],
    { phase: "gave-up", failures: failuresToGiveUp },
  ],
  [
    "stays there",
    [...up, ...crash, ...crash, { type: "failed", retry: true }, { type: "start" }],
    { phase: "gave-up", failures: 3 },
  ],
  [
    "until somebody asks",
    [...up, ...crash, ...crash, { type: "failed", retry: true }, { type: "reset" }],
    offLifecycle,
  ],
  [
    "does not retry what cannot help",
    [{ type: "start" }, { type: "spawned" }, { type: "failed", retry: false }],
    { phase: "off", failures: 1 },
  ],
  ["an exit after the stop is nothing", [...up, { type: "stopped" }, { type: "failed", retry: true }], offLifecycle],
  ["a load nobody waits for is nothing", [{ type: "loaded" }], offLifecycle],
])("%s", (_name, events, expected) => {
  expect(run(...events)).toEqual(expected);
});
