import { join } from "node:path";
import { ReadError, type ReadOptions } from "../../document/document-schemas.ts";
import { createTesseractRecognizer } from "./tesseract-recognizer.ts";
import type { TextRecognizer } from "./text-recognizer.ts";

let shared: { key: string; recognizer: Promise<TextRecognizer> } | null = null;

/** One for the whole process: starting it costs more than a page. Throws ReadError("scanned-without-ocr"). */
export async function sharedRecognizer({ resources, ocrLanguages }: ReadOptions): Promise<TextRecognizer> {
  if (resources === null || ocrLanguages.length === 0) throw new ReadError("scanned-without-ocr", "no language data");
  const key = ocrLanguages.join("+");
  if (shared?.key !== key) {
    await shared?.recognizer.then((recognizer) => recognizer.close());
    shared = { key, recognizer: createTesseractRecognizer(ocrLanguages, join(resources, "ocr")) };
  }
  return shared.recognizer;
}
