import type { TextRange } from "@deskside/contract";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useDocument } from "../../../app/data/use-knowledge.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, IconButton } from "../../../primitives/index.ts";
import { EmptyView } from "../../frame/empty-view.tsx";
import { collectionRoute } from "../document-routes.ts";
import { DocumentView } from "./document-view.tsx";
import { useMarkedPlaces } from "./use-marked-places.ts";

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
  const places = useMarkedPlaces(documentId, passageId, range);
  if (error)
    return (
      <div className="scroll">
        <EmptyView icon="file" title={t("knowledge.viewer.gone")} body={describeError(toErrorData(error), text).body} />
      </div>
    );
  if (!document || places === null) return null;
  const name = document.path.split("/").at(-1) ?? document.path;
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
      <DocumentView documentId={documentId} format={document.format} name={name} places={places} />
    </>
  );
}
