export { chooseThreads } from "./choose-threads.ts";
export { type ConnectionReader, createConnectionReader } from "./connection-reader.ts";
export { createMemorySampler, type MemorySampler, type ResidentMemory } from "./memory-sampler.ts";
export { type Machine, readMachine } from "./read-machine.ts";
