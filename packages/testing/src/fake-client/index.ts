export * from "./fake-client.ts";
export { toSeries } from "./machine/fake-monitor.ts";
export { type Answer, addChat, addMessage, type FakeOptions, type FakeWorld } from "./fake-world.ts";
export { sampleCollection, sampleDocument } from "./knowledge/sample-knowledge.ts";
export * from "./library/sample-library.ts";
export * from "./machine/sample-machine.ts";
export * from "./samples.ts";
