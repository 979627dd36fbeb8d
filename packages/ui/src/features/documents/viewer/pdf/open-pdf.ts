import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { PdfDataFactory } from "./pdf-data.ts";

GlobalWorkerOptions.workerSrc = workerUrl;

/** Opens a PDF from its bytes: no script of the file runs, nothing is fetched for it from elsewhere. */
export async function openPdf(data: Uint8Array, signal: AbortSignal): Promise<PDFDocumentProxy> {
  const task = getDocument({
    data,
    useWorkerFetch: false,
    enableXfa: false,
    BinaryDataFactory: PdfDataFactory,
  });
  signal.addEventListener("abort", () => void task.destroy(), { once: true });
  return task.promise;
}
