import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import { useText } from "../../../../i18n/use-text.ts";
import { EmptyView } from "../../../frame/empty-view.tsx";
import { openPdf } from "./open-pdf.ts";
import type { MarkedPlaces } from "../passage-places.ts";
import { PdfPage } from "./pdf-page.tsx";

export interface PdfViewerProps {
  bytes: Uint8Array;
  places: MarkedPlaces;
  /** Number beside the marked place. */
  mark: number | undefined;
  page: number;
  /** 1 = as wide as the pane. */
  zoom: number;
  onPages: (pages: number) => void;
  onPage: (page: number) => void;
}

/** The pages of a PDF under each other; one is drawn when it comes near the window. */
export function PdfViewer({ bytes, places, mark, page, zoom, onPages, onPage }: PdfViewerProps) {
  const { t } = useText();
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null);
  const [failed, setFailed] = useState(false);
  const [ratio, setRatio] = useState(1.414);
  useEffect(() => {
    const controller = new AbortController();
    // pdf.js takes the buffer away: it gets a copy.
    openPdf(bytes.slice(), controller.signal)
      .then(async (opened) => {
        const { width, height } = (await opened.getPage(1)).getViewport({ scale: 1 });
        setRatio(height / width);
        setPdf(opened);
        onPages(opened.numPages);
      })
      .catch(() => !controller.signal.aborted && setFailed(true));
    return () => controller.abort();
  }, [bytes, onPages]);
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (pdf === null || places.firstPage === page) return;
    scroller.current?.querySelector(`[data-page="${page}"]`)?.scrollIntoView({ block: "start" });
  }, [pdf, page, places.firstPage]);
  if (failed)
    return <EmptyView icon="file" title={t("knowledge.viewer.failed")} body={t("knowledge.viewer.failedBody")} />;
  if (pdf === null) return null;
  return (
    <div
      className="scroll doc-pages"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={t("knowledge.viewer.pages")}
    >
      {Array.from({ length: pdf.numPages }, (_, index) => (
        <PdfPage
          key={index}
          pdf={pdf}
          number={index + 1}
          ratio={ratio}
          zoom={zoom}
          boxes={places.pages.get(index + 1) ?? null}
          mark={mark}
          focus={places.firstPage === index + 1 && page === index + 1}
          onSeen={onPage}
        />
      ))}
    </div>
  );
}
