import type { DocumentFormat } from "@deskside/contract";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { ImageViewer } from "./image-viewer.tsx";
import { PageBar } from "./page-bar.tsx";
import type { MarkedPlaces } from "./passage-places.ts";
import { TextViewer } from "./text-viewer.tsx";
import { useDocumentBytes } from "./use-document-bytes.ts";

// The library that draws pages is fetched when a PDF is opened.
const PdfViewer = lazy(async () => ({ default: (await import("./pdf/pdf-viewer.tsx")).PdfViewer }));

export interface DocumentViewProps {
  documentId: string;
  /** Null while it is not known. */
  format: DocumentFormat | null;
  name: string;
  places: MarkedPlaces;
  /** Number beside the marked place. */
  mark?: number;
  /** At the end of the bar above the page. */
  tools?: ReactNode;
}

/** Pages as they are, other formats as they were read, the marked places in view. */
export function DocumentView(props: DocumentViewProps) {
  const { documentId, format, places, tools } = props;
  if (format === "pdf" || format === "image") return <Original {...props} />;
  return (
    <>
      {tools && <Bar>{tools}</Bar>}
      <TextViewer documentId={documentId} places={places} />
    </>
  );
}

function Bar({ children }: { children: ReactNode }) {
  return (
    <div className="doc-bar row g4">
      <span className="grow" />
      {children}
    </div>
  );
}

function Original({ documentId, format, name, places, mark, tools }: DocumentViewProps) {
  const text = useText();
  const { data: bytes, error } = useDocumentBytes(documentId);
  const [page, setPage] = useState(places.firstPage ?? 1);
  const [shown, setShown] = useState(places.firstPage ?? 1);
  const [marked, setMarked] = useState(places);
  const [pages, setPages] = useState(0);
  const [zoom, setZoom] = useState(1);
  if (marked !== places) {
    setMarked(places);
    setPage(places.firstPage ?? 1);
    setShown(places.firstPage ?? 1);
  }
  if (error) {
    const { title, body } = describeError(toErrorData(error), text);
    return (
      <>
        {tools && <Bar>{tools}</Bar>}
        <p className="doc-moved">
          <span className="sb">{title}</span> {body}
        </p>
        <TextViewer documentId={documentId} places={places} />
      </>
    );
  }
  if (!bytes) return tools ? <Bar>{tools}</Bar> : null;
  if (format === "image")
    return (
      <>
        {tools && <Bar>{tools}</Bar>}
        <ImageViewer bytes={bytes} name={name} places={places} mark={mark} />
      </>
    );
  return (
    <>
      <PageBar
        page={shown}
        pages={pages}
        zoom={zoom}
        onZoom={setZoom}
        onPage={(next) => {
          setPage(next);
          setShown(next);
        }}
        tools={tools}
      />
      <Suspense fallback={null}>
        <PdfViewer
          bytes={bytes}
          places={places}
          mark={mark}
          page={page}
          zoom={zoom}
          onPages={setPages}
          onPage={setShown}
        />
      </Suspense>
    </>
  );
}
