import { type Collection, newChatDraft } from "@deskside/contract";
import { useState } from "react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useCollection, useDocuments, useIngest, useKnowledgeCommands } from "../../../app/data/use-knowledge.ts";
import { homeRoute } from "../../../app/routes.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Button, IconButton, Menu } from "../../../primitives/index.ts";
import { useSetChatScope } from "../../chat/index.ts";
import { EmptyView } from "../../frame/empty-view.tsx";
import { documentsHome } from "../document-routes.ts";
import { DropFiles } from "./drop-files.tsx";
import { FileTable } from "./file-table.tsx";
import { IngestBar } from "./ingest-bar.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { TestSearch } from "./test-search.tsx";

/** One collection: files come in here, and tell how far they are. */
export function CollectionScreen({ collectionId }: { collectionId: string }) {
  const text = useText();
  const { data: collection, error } = useCollection(collectionId);
  const documents = useDocuments(collectionId);
  const status = useIngest(collectionId);
  const [testing, setTesting] = useState(false);
  if (error) {
    const data = toErrorData(error);
    const words = describeError(data, text);
    return (
      <div className="scroll">
        <EmptyView
          icon="documents"
          title={data.code === "COLLECTION_NOT_FOUND" ? text.t("knowledge.gone") : words.title}
          body={words.body}
        />
      </div>
    );
  }
  if (!collection) return null;
  return (
    <>
      <CollectionHead collection={collection} testing={testing} onTest={() => setTesting(!testing)} />
      <div className="scroll">
        <div className="lbody doc-body">
          {testing && <TestSearch collectionId={collectionId} />}
          <DropFiles collectionId={collectionId} />
          {status && <IngestBar status={status} />}
          {documents && documents.length > 0 && <FileTable documents={documents} />}
        </div>
      </div>
    </>
  );
}

function CollectionHead(props: { collection: Collection; testing: boolean; onTest: () => void }) {
  const { collection, testing, onTest } = props;
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const setScope = useSetChatScope();
  const ask = () => {
    setScope(newChatDraft, { kind: "collections", ids: [collection.id] });
    open(homeRoute);
  };
  return (
    <div className="head">
      <h1 className="clip">{collection.name}</h1>
      {collection.settings.scrub.length > 0 && (
        <Badge tone="ok" icon="mask">
          {t("knowledge.scrubOn")}
        </Badge>
      )}
      <Badge icon={collection.place === "server" ? "server" : "lock"}>
        {t(`knowledge.places.${collection.place}`)}
      </Badge>
      <span className="grow" />
      <Button size="sm" icon="search" onClick={onTest} aria-expanded={testing}>
        {t("knowledge.testSearch")}
      </Button>
      <Button size="sm" icon="chat" onClick={ask}>
        {t("knowledge.ask")}
      </Button>
      <CollectionMenu collection={collection} />
    </div>
  );
}

function CollectionMenu({ collection }: { collection: Collection }) {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const [renaming, setRenaming] = useState(false);
  const { rename, removeCollection } = useKnowledgeCommands();
  const { id: collectionId } = collection;
  return (
    <>
      <Menu
        align="end"
        trigger={<IconButton icon="more" label={t("knowledge.collectionActions")} />}
        items={[
          { label: t("knowledge.rename"), icon: "edit", onSelect: () => setRenaming(true) },
          {
            label: t("knowledge.removeCollection"),
            icon: "trash",
            danger: true,
            onSelect: () => removeCollection.mutate(collectionId, { onSuccess: () => open(documentsHome) }),
          },
        ]}
      />
      <NameDialog
        open={renaming}
        title={t("knowledge.rename")}
        initial={collection.name}
        confirm={t("knowledge.save")}
        onClose={() => setRenaming(false)}
        onConfirm={(name) => rename.mutate({ collectionId, name }, { onSuccess: () => setRenaming(false) })}
      />
    </>
  );
}
