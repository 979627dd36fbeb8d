import type { TextRange } from "@deskside/contract";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useClient, useNavigationStore } from "../../../app/client-context.tsx";
import { useDocument } from "../../../app/data/use-knowledge.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, IconButton } from "../../../primitives/index.ts";
import { EmptyView } from "../../frame/empty-view.tsx";
import { collectionRoute } from "../document-routes.ts";
import { ImageViewer } from "./image-viewer.tsx";
import { markedPlaces, noPlaces } from "./passage-places.ts";
import { PageBar } from "./page-bar.tsx";
import { PdfViewer } from "./pdf-viewer.tsx";
import { TextViewer } from "./text-viewer.tsx";
import { useDocumentBytes } from "./use-document-bytes.ts";

export interface ViewerScreenProps {
  documentId: string;
  passageId: string | null;
  range: TextRange | null;
}

/** A document with the cited passage on its page. */
export function ViewerScreen({ documentId, passageId, range }: ViewerScreenProps) {
  const text = useText();
  const { t } = text;
  const { open } = useNavigationStore((state) => state.actions);
  const { data: document, error } = useDocument(documentId);
  const places = usePlaces(documentId, passageId, range);
  if (error)
    return (
      <div className="scroll">
        <EmptyView icon="file" title={t("knowledge.viewer.gone")} body={describeError(toErrorData(error), text).body} />
      </div>
    );
  if (!document || places === null) return null;
  const name = document.path.split("/").at(-1) ?? document.path;
  const hasPages = document.format === "pdf" || document.format === "image";
  return (
    <>
      <div className="head">
        <IconButton
          icon="chevron-left"
          label={t("knowledge.viewer.back")}
          onClick={() => open(collectionRoute(document.collectionId))}
        />
        <h1 className="clip grow" title={document.path}>
          {name}
        </h1>
        {(document.replaced ?? 0) > 0 && <Badge icon="mask">{t("knowledge.viewer.replaced")}</Badge>}
      </div>
      {hasPages ? (
        <Original
          key={passageId}
          documentId={documentId}
          isImage={document.format === "image"}
          name={name}
          places={places}
        />
      ) : (
        <TextViewer key={passageId} documentId={documentId} places={places} />
      )}
    </>
  );
}

function Original(props: {
  documentId: string;
  isImage: boolean;
  name: string;
  places: ReturnType<typeof markedPlaces>;
}) {
  const { documentId, isImage, name, places } = props;
  const text = useText();
  const { data: bytes, error } = useDocumentBytes(documentId);
  const [page, setPage] = useState(places.firstPage ?? 1);
  const [shown, setShown] = useState(places.firstPage ?? 1);
  const [pages, setPages] = useState(0);
  const [zoom, setZoom] = useState(1);
  if (error) {
    const { title, body } = describeError(toErrorData(error), text);
    return (
      <>
        <p className="doc-moved">
          <span className="sb">{title}</span> {body}
        </p>
        <TextViewer documentId={documentId} places={places} />
      </>
    );
  }
  if (!bytes) return null;
  if (isImage) return <ImageViewer bytes={bytes} name={name} places={places} />;
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
      />
      <PdfViewer bytes={bytes} places={places} page={page} zoom={zoom} onPages={setPages} onPage={setShown} />
    </>
  );
}

/** Null while they are looked up. A passage that is gone marks nothing. */
function usePlaces(documentId: string, passageId: string | null, range: TextRange | null) {
  const client = useClient();
  const { data, isPending } = useQuery({
    queryKey: ["knowledge", "passage", documentId, passageId],
    enabled: passageId !== null,
    retry: false,
    queryFn: ({ signal }) => client.knowledge.documents.passage({ documentId, passageId: passageId ?? "" }, { signal }),
  });
  return useMemo(() => {
    if (passageId !== null && isPending) return null;
    return data ? markedPlaces(data.spans, range) : noPlaces;
  }, [passageId, isPending, data, range]);
}
