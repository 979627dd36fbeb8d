import type { PortLike } from "@deskside/contract/shell";
import { runParserProcess } from "../run-parser-process.ts";

const port: PortLike = {
  postMessage: (data) => void process.send?.(data, undefined, undefined, () => undefined),
  onMessage: (listener) => void process.on("message", listener),
  onClose: (listener) => void process.once("disconnect", listener),
  close: () => process.disconnect(),
};
runParserProcess(port);
