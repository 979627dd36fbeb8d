export * from "./fake-client.ts";
export { type Answer, addChat, addMessage, type FakeOptions, type FakeWorld } from "./fake-world.ts";
export * from "./samples.ts";
