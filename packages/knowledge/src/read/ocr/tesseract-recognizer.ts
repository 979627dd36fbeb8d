import { createWorker, OEM } from "tesseract.js";
import type { RecognisedLine, TextRecognizer } from "./text-recognizer.ts";

/** Text less certain than this is noise of the scan. */
const leastConfidence = 0.1;

/** Tesseract with language data from a folder of ours; nothing is fetched. */
export async function createTesseractRecognizer(
  languages: readonly string[],
  languageFolder: string,
): Promise<TextRecognizer> {
  const worker = await createWorker(inOrder(languages), OEM.LSTM_ONLY, {
    langPath: languageFolder,
    cacheMethod: "none",
    gzip: true,
    // Its own way of telling an error ends the process.
    errorHandler: () => undefined,
  });
  return {
    async recognise(image, { width, height }) {
      const { data } = await worker.recognize(Buffer.from(image), {}, { blocks: true, text: false });
      const lines = (data.blocks ?? []).flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines));
      return lines.flatMap(({ text, bbox, confidence }): RecognisedLine[] => {
        const clean = withoutGaps(text.trim());
        if (clean === "" || confidence / 100 < leastConfidence) return [];
        const box = {
          ...{ x: bbox.x0 / width, y: bbox.y0 / height },
          ...{ width: (bbox.x1 - bbox.x0) / width, height: (bbox.y1 - bbox.y0) / height },
        };
        return [{ text: clean, box, confidence: confidence / 100 }];
      });
    },
    close: async () => void (await worker.terminate()),
  };
}

/** Latin letters are found under Chinese too, Chinese characters under English never: Chinese goes first. */
function inOrder(languages: readonly string[]): string[] {
  return [...languages].sort((a, b) => Number(b.startsWith("chi")) - Number(a.startsWith("chi")));
}

/** The recogniser writes Chinese with a space between characters. */
function withoutGaps(text: string): string {
  return text.replaceAll(
    /(?<=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])\s+(?=[\p{Script=Han}\u3000-\u303f\uff00-\uffef\d])|(?<=\d)\s+(?=\p{Script=Han})/gu,
    "",
  );
}
