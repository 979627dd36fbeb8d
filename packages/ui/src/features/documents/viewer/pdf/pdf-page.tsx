import type { Box } from "@deskside/contract";
import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import { useText } from "../../../../i18n/use-text.ts";
import { PageMarks } from "../page-marks.tsx";

export interface PdfPageProps {
  pdf: PDFDocumentProxy;
  number: number;
  /** Height over width before the page is known. */
  ratio: number;
  zoom: number;
  boxes: readonly Box[] | null;
  mark: number | undefined;
  focus: boolean;
  onSeen: (page: number) => void;
}

export function PdfPage({ pdf, number, ratio, zoom, boxes, mark, focus, onSeen }: PdfPageProps) {
  const { t } = useText();
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [near, setNear] = useState(focus);
  // Pages of one file differ in size; the marks are shares of this page.
  const [ownRatio, setOwnRatio] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const watcher = new IntersectionObserver(([entry]) => entry && setNear(entry.isIntersecting), {
      rootMargin: "600px",
    });
    const reader = new IntersectionObserver(([entry]) => entry?.isIntersecting && onSeen(number), { threshold: 0.5 });
    watcher.observe(element);
    reader.observe(element);
    return () => {
      watcher.disconnect();
      reader.disconnect();
    };
  }, [number, onSeen]);
  useEffect(() => {
    if (!near) return;
    let cancelled = false;
    let cancel = () => undefined as void;
    const draw = async () => {
      const page = await pdf.getPage(number);
      const target = canvas.current;
      const width = holder.current?.clientWidth ?? 0;
      if (cancelled || !target || width === 0) return;
      const size = page.getViewport({ scale: 1 });
      setOwnRatio(size.height / size.width);
      const viewport = page.getViewport({ scale: (width / size.width) * window.devicePixelRatio });
      target.width = Math.floor(viewport.width);
      target.height = Math.floor(viewport.height);
      const task = page.render({ canvas: target, viewport });
      cancel = () => task.cancel();
      await task.promise;
    };
    // A page that is scrolled away in mid-drawing ends with an error of no interest.
    draw().catch(() => !cancelled && setFailed(true));
    return () => {
      cancelled = true;
      cancel();
    };
  }, [near, pdf, number, zoom]);
  return (
    <div
      className="doc-page"
      data-page={number}
      ref={holder}
      style={{ width: `${zoom * 100}%`, aspectRatio: `1 / ${ownRatio ?? ratio}` }}
      role="img"
      aria-label={t("knowledge.viewer.page", { page: number })}
    >
      {near && !failed && <canvas ref={canvas} />}
      {failed && <p className="doc-page-failed">{t("knowledge.viewer.pageFailed")}</p>}
      {boxes && <PageMarks boxes={boxes} mark={mark} focus={focus} />}
    </div>
  );
}
