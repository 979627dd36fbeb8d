import type { Collection, KnowledgeDocument } from "@deskside/contract";
import { useMemo, useState } from "react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useCollections, useDocuments, useKnowledgeCommands } from "../../../app/data/use-knowledge.ts";
import { useTeamServer } from "../../../app/data/knowledge/use-team-server.ts";
import { useText } from "../../../i18n/use-text.ts";
import { classNames, Icon, IconButton, SearchField } from "../../../primitives/index.ts";
import "../documents.css";
import { NameDialog } from "../collection/name-dialog.tsx";
import { collectionRoute, documentRoute } from "../document-routes.ts";
import { useOpenCollection } from "../use-open-collection.ts";
import { PlaceChoice } from "./place-choice.tsx";

/** The list pane: collections above, the files of the one that is open below. */
export function DocumentsList({ id }: { id: string | null }) {
  const { t } = useText();
  const collections = useCollections();
  const { collectionId, documentId } = useOpenCollection(id);
  const [naming, setNaming] = useState(false);
  const [place, setPlace] = useState<Collection["place"]>("here");
  const { server } = useTeamServer();
  const { create } = useKnowledgeCommands();
  const { open } = useNavigationStore((state) => state.actions);
  return (
    <>
      <div className="head">
        <h2 className="grow">{t("knowledge.collections")}</h2>
        <IconButton icon="plus" label={t("knowledge.newCollection")} onClick={() => setNaming(true)} />
      </div>
      <div className="scroll doc-list">
        {collections?.map((collection) => (
          <CollectionRow key={collection.id} collection={collection} current={collection.id === collectionId} />
        ))}
        {server?.state === "away" && <p className="t12 warn doc-list-none">{t("knowledge.server.away")}</p>}
        {collections?.length === 0 && <p className="t12 ink3 doc-list-none">{t("knowledge.noCollections")}</p>}
        {collectionId !== null && <Files collectionId={collectionId} documentId={documentId} />}
      </div>
      <NameDialog
        open={naming}
        title={t("knowledge.newCollection")}
        initial=""
        confirm={t("knowledge.create")}
        onClose={() => setNaming(false)}
        onConfirm={(name) =>
          create.mutate(
            { name, place: server?.address ? place : "here" },
            {
              onSuccess: (made) => {
                setNaming(false);
                open(collectionRoute(made.id));
              },
            },
          )
        }
      >
        {server?.address && <PlaceChoice host={hostOf(server.address)} value={place} onChange={setPlace} />}
      </NameDialog>
    </>
  );
}

function hostOf(address: string): string {
  return URL.parse(address)?.hostname ?? address;
}

function CollectionRow({ collection, current }: { collection: Collection; current: boolean }) {
  const { t, format } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const { files, pages, watched } = collection;
  const isBusy = files.waiting + files.working > 0;
  const detail = isBusy
    ? t("knowledge.readyOf", { ready: format.integer(files.ready), count: files.total })
    : [
        t("knowledge.files", { count: files.total }),
        ...(pages > 0 ? [t("knowledge.pages", { count: pages })] : []),
      ].join(t("common.listComma"));
  return (
    <button
      type="button"
      className={classNames("doc-collection", current && "on")}
      aria-current={current ? "true" : undefined}
      onClick={() => open(collectionRoute(collection.id))}
    >
      <Icon name={watched.length > 0 ? "refresh" : "folder"} size={16} />
      <span className="grow doc-collection-words">
        <span className="med clip">{collection.name}</span>
        <span className="t12 ink3">
          {collection.place === "server" ? t("knowledge.server.inTeam", { detail }) : detail}
        </span>
      </span>
      {collection.settings.scrub.length > 0 && <Icon name="mask" size={14} />}
    </button>
  );
}

function Files({ collectionId, documentId }: { collectionId: string; documentId: string | null }) {
  const { t } = useText();
  const documents = useDocuments(collectionId);
  const [query, setQuery] = useState("");
  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    return (documents ?? []).filter(({ path, title }) => `${path} ${title ?? ""}`.toLowerCase().includes(wanted));
  }, [documents, query]);
  if (documents === null || documents.length === 0) return null;
  return (
    <section className="doc-files" aria-label={t("knowledge.allFiles")}>
      <SearchField
        label={t("knowledge.findFile")}
        value={query}
        onChange={setQuery}
        clearLabel={t("common.clearSearch")}
      />
      <div className="row label">
        <span className="grow">{t("knowledge.allFiles")}</span>
        <span>{t("knowledge.pagesShort")}</span>
      </div>
      {shown.slice(0, mostRows).map((document) => (
        <FileLine key={document.id} document={document} current={document.id === documentId} />
      ))}
      {shown.length > mostRows && (
        <p className="t12 ink3">{t("knowledge.moreFiles", { count: shown.length - mostRows })}</p>
      )}
    </section>
  );
}

/** More than a person reads through; the field above finds the rest. */
const mostRows = 300;

function FileLine({ document, current }: { document: KnowledgeDocument; current: boolean }) {
  const { format } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  return (
    <button
      type="button"
      className={classNames("doc-file", current && "on")}
      title={document.path}
      onClick={() => open(documentRoute({ documentId: document.id }))}
    >
      <Icon name="file" size={14} />
      <span className="grow clip">{document.path.split("/").at(-1)}</span>
      {document.state === "failed" && <Icon name="warning" size={12} className="danger" />}
      {document.pages !== null && <span className="t12 ink3">{format.integer(document.pages)}</span>}
    </button>
  );
}
