export {
  type ConnectionReader,
  type ConnectionReaderOptions,
  createConnectionReader,
} from "./connections/connection-reader.ts";
export type { ProcessMemory } from "./memory/meminfo.ts";
export { createMemorySampler, type MemorySampler, type MemoryTotals } from "./memory/memory-sampler.ts";
export { type Machine, readMachine } from "./machine/machine.ts";
export { chooseThreads, type ThreadInput } from "./machine/threads.ts";
