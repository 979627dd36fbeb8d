import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const languages = ["eng", "chi_sim"];

/**
 * Puts what readers need beside their code into a folder, which is replaced: character maps, fonts and decoders of
 * pdf.js, and language data of the recogniser. For builds. Throws when a package does not hold what is expected.
 */
export function copyReaderResources(folder: string): void {
  const require = createRequire(import.meta.url);
  const packageFolder = (name: string): string => dirname(require.resolve(`${name}/package.json`));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "ocr"), { recursive: true });
  for (const part of ["cmaps", "standard_fonts", "wasm"])
    cpSync(join(packageFolder("pdfjs-dist"), part), join(folder, part), { recursive: true, dereference: true });
  for (const language of languages) {
    const name = `${language}.traineddata.gz`;
    const from = join(packageFolder(`@tesseract.js-data/${language}`), "4.0.0_best_int", name);
    if (!existsSync(from)) throw new Error(`language data of the recogniser is missing: ${from}`);
    cpSync(from, join(folder, "ocr", name), { dereference: true });
  }
}
