import { type ChildProbe, createChildProbe } from "./child-probe.ts";

/** Reads files with `exportName` of `module` (path in, promise out) in a child process whose time and memory are seen. */
export function createReaderProbe(options: {
  readonly module: URL;
  readonly exportName: string;
  readonly timeoutMs: number;
}): ChildProbe<{ readonly path: string }> {
  return createChildProbe({
    script: new URL("./reader-probe-child.ts", import.meta.url),
    args: [options.module.href, options.exportName],
    timeoutMs: options.timeoutMs,
  });
}
