type Write = (data: Record<string, unknown>, message: string) => void;

/** What storage needs of a logger; a pino logger is one. Storage logs no content and no keys. */
export interface StorageLog {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
