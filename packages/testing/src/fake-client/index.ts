export * from "./fake-client.ts";
export { toSeries } from "./fake-monitor.ts";
export { type Answer, addChat, addMessage, type FakeOptions, type FakeWorld } from "./fake-world.ts";
export * from "./library/sample-library.ts";
export * from "./sample-machine.ts";
export * from "./samples.ts";
