export { type FakeHub, type FakeHubOptions, startFakeHub } from "./fake-hub.ts";
export {
  commitOf,
  contentOfBytes,
  contentOfSeed,
  type FakeHubContent,
  type FakeHubRepo,
} from "./fake-hub-repos.ts";
export { treePageSize } from "./hub-answers.ts";
export {
  type FakeHubRequest,
  firstRequests,
  type Misbehave,
  type Misbehaviour,
  type RouteKind,
  seededMisbehave,
} from "./misbehaviour.ts";
export { createLoopbackHttpClient, type LoopbackHttpOptions } from "./loopback-http-client.ts";
