export { runEngineProcess } from "./engine-process.ts";
