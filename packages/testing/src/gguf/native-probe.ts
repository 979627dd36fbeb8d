import { type ChildProbe, createChildProbe } from "./child-probe.ts";

export interface NativeRequest {
  readonly path: string;
  /** Asks for a vector instead of a token. */
  readonly embedding: boolean;
}

/** Loads files natively in a child process, tokenizes and decodes once: `accepted` means that a token came. */
export function createNativeProbe(options: { timeoutMs?: number } = {}): ChildProbe<NativeRequest> {
  return createChildProbe({
    script: new URL("./native-probe-child.ts", import.meta.url),
    env: { UV_THREADPOOL_SIZE: "2" },
    timeoutMs: options.timeoutMs ?? 15_000,
  });
}
