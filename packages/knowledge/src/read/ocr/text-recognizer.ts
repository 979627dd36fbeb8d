import type { Box } from "../../document/document-schemas.ts";

export interface RecognisedLine {
  readonly text: string;
  /** Fractions of the picture. */
  readonly box: Box;
  /** 0 to 1. */
  readonly confidence: number;
}

/** Reads text from a picture, on this computer. */
export interface TextRecognizer {
  /** PNG or JPEG. */
  recognise(image: Uint8Array, size: { width: number; height: number }): Promise<RecognisedLine[]>;
  close(): Promise<void>;
}
