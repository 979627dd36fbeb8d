/**
 * A two-way channel of messages. Structurally the same as `PortLike` in `contract/shell`; `rpc` may import only
 * `base`, so the shape stands here too and the compiler checks where the two meet.
 */
export interface PortLike {
  postMessage(data: unknown): void;
  onMessage(listener: (data: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
