/** Where the 256-bit data key comes from. Other keys are derived from it with labels (HKDF). */
export interface KeyProvider {
  /** The key, made on first use. 32 bytes. Throws KEY_UNAVAILABLE. */
  getDataKey(): Promise<Uint8Array>;
}
