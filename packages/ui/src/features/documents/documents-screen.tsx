import { useNavigationStore } from "../../app/client-context.tsx";
import { useCollections, useKnowledgeCommands } from "../../app/data/use-knowledge.ts";
import { useText } from "../../i18n/use-text.ts";
import { Button } from "../../primitives/index.ts";
import { EmptyView } from "../frame/empty-view.tsx";
import { CollectionScreen } from "./collection/collection-screen.tsx";
import { collectionRoute, parseDocumentRoute } from "./document-routes.ts";
import "./documents.css";
import { useOpenCollection } from "./use-open-collection.ts";
import { ViewerScreen } from "./viewer/viewer-screen.tsx";

/** A collection, a document, or an invitation to begin. */
export function DocumentsScreen({ id }: { id: string | null }) {
  const place = parseDocumentRoute(id);
  const { collectionId } = useOpenCollection(id);
  if (place.kind === "document")
    return (
      <ViewerScreen
        key={place.documentId}
        documentId={place.documentId}
        passageId={place.passage}
        range={place.range}
      />
    );
  return collectionId === null ? <Begin /> : <CollectionScreen key={collectionId} collectionId={collectionId} />;
}

function Begin() {
  const { t } = useText();
  const collections = useCollections();
  const { create } = useKnowledgeCommands();
  const { open } = useNavigationStore((state) => state.actions);
  const begin = () =>
    create.mutate({ name: t("knowledge.firstName") }, { onSuccess: (made) => open(collectionRoute(made.id)) });
  return (
    <>
      <div className="head">
        <h1>{t("shell.documents.title")}</h1>
      </div>
      <div className="scroll">
        {collections?.length === 0 ? (
          <EmptyView icon="documents" title={t("knowledge.beginTitle")} body={t("knowledge.beginBody")}>
            <Button variant="primary" onClick={begin}>
              {t("knowledge.begin")}
            </Button>
          </EmptyView>
        ) : (
          <EmptyView icon="documents" title={t("knowledge.chooseTitle")} body={t("knowledge.chooseBody")}>
            <span className="row g8 wrap doc-choices">
              {collections?.map(({ id, name }) => (
                <Button key={id} icon="folder" onClick={() => open(collectionRoute(id))}>
                  {name}
                </Button>
              ))}
            </span>
          </EmptyView>
        )}
      </div>
    </>
  );
}
