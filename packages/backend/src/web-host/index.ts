export { assertLoopback, startWebHost } from "./web-host.ts";
