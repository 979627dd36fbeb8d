import { join } from "node:path";
import { getDocument, PasswordResponses, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { ReadError, type ReadOptions } from "../../document/document-schemas.ts";

/** More than any scanner makes. Larger pictures are left out when a page is drawn. */
const mostPixels = 120_000_000;

/** Throws ReadError("password") or ReadError("damaged"). */
export async function openPdf(
  bytes: Uint8Array,
  { resources, password }: Pick<ReadOptions, "resources" | "password">,
): Promise<PDFDocumentProxy> {
  const urls =
    resources === null
      ? {}
      : {
          cMapUrl: `${join(resources, "cmaps")}/`,
          cMapPacked: true,
          standardFontDataUrl: `${join(resources, "standard_fonts")}/`,
          wasmUrl: `${join(resources, "wasm")}/`,
        };
  const task = getDocument({
    // pdf.js takes the buffer away, and takes no Buffer.
    data: new Uint8Array(bytes),
    ...urls,
    ...(password === null ? {} : { password }),
    ...{ enableXfa: false, useSystemFonts: false, disableFontFace: true, verbosity: 0, stopAtErrors: false },
    maxImageSize: mostPixels,
  });
  try {
    return await task.promise;
  } catch (cause) {
    const error = cause as { name?: string; code?: number; message?: string };
    if (error.name === "PasswordException")
      throw new ReadError(
        "password",
        error.code === PasswordResponses.INCORRECT_PASSWORD ? "wrong password" : "encrypted",
      );
    throw new ReadError("damaged", String(error.message), { cause });
  }
}
