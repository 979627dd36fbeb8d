import { type Collection, type CollectionSettings, type PersonalDataKind, personalDataKinds } from "@deskside/contract";
import { useCollection, useKnowledgeCommands } from "../../../app/data/use-knowledge.ts";
import { useText } from "../../../i18n/use-text.ts";
import { IconButton, Switch } from "../../../primitives/index.ts";
import { useOpenCollection } from "../use-open-collection.ts";
import { SelfTest } from "./self-test.tsx";

/** The inspector: what is done to the files of a collection, and what came of it. */
export function CollectionPanel({ id }: { id: string | null }) {
  const { t } = useText();
  const { collectionId } = useOpenCollection(id);
  const { data: collection } = useCollection(collectionId);
  return (
    <>
      <div className="head">
        <h2 className="grow">{t("knowledge.collection")}</h2>
      </div>
      <div className="scroll col g16 insp-body" tabIndex={0} role="region" aria-label={t("knowledge.collection")}>
        {collection ? (
          <>
            <ScrubSettings collection={collection} />
            <hr />
            <Facts collection={collection} />
            {collection.watched.length > 0 && (
              <>
                <hr />
                <WatchedFolders collection={collection} />
              </>
            )}
            <hr />
            <SelfTest key={collection.id} collectionId={collection.id} />
          </>
        ) : (
          <p className="t12 ink3">{t("knowledge.chooseCollection")}</p>
        )}
      </div>
    </>
  );
}

function ScrubSettings({ collection }: { collection: Collection }) {
  const { t, format } = useText();
  const { configure } = useKnowledgeCommands();
  const { scrub } = collection.settings;
  const set = (patch: Partial<CollectionSettings>) =>
    configure.mutate({ collectionId: collection.id, settings: { ...collection.settings, ...patch } });
  const toggle = (kind: PersonalDataKind) =>
    set({ scrub: scrub.includes(kind) ? scrub.filter((one) => one !== kind) : [...scrub, kind] });
  return (
    <section className="col g8">
      <div className="row g8">
        <span className="med grow">{t("knowledge.scrub")}</span>
        <Switch
          label={t("knowledge.scrub")}
          checked={scrub.length > 0}
          onChange={(on) => set({ scrub: on ? [...personalDataKinds] : [] })}
        />
      </div>
      <p className="t12 ink3">{t("knowledge.scrubHint")}</p>
      {scrub.length > 0 &&
        personalDataKinds.map((kind) => (
          <label key={kind} className="row g8">
            <input type="checkbox" checked={scrub.includes(kind)} onChange={() => toggle(kind)} />
            <span className="grow">{t(`knowledge.personal.${kind}`)}</span>
            <span className="t12 ink3 num">{format.integer(collection.replaced[kind] ?? 0)}</span>
          </label>
        ))}
    </section>
  );
}

function Facts({ collection }: { collection: Collection }) {
  const { t, format } = useText();
  const { vectors, settings } = collection;
  const rows: [string, string][] = [
    [t("knowledge.embeddingModel"), vectors.model ?? t("knowledge.noEmbedding")],
    [t("knowledge.passageLength"), t("knowledge.tokens", { count: settings.passageTokens })],
    [t("knowledge.overlap"), t("knowledge.tokens", { count: settings.overlapTokens })],
    [
      t("knowledge.ocrLanguages"),
      settings.ocr.map((language) => t(`knowledge.ocr.${language}`)).join(t("common.listComma")) ||
        t("knowledge.noOcr"),
    ],
    [t("knowledge.passages"), format.integer(collection.passages)],
    [t("knowledge.withVectors"), `${format.integer(vectors.done)} / ${format.integer(vectors.total)}`],
    [t("knowledge.indexSize"), format.bytes(collection.indexBytes)],
  ];
  return (
    <dl className="kv">
      {rows.map(([label, value]) => (
        <div key={label} className="kv-row">
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function WatchedFolders({ collection }: { collection: Collection }) {
  const { t } = useText();
  const { unwatchFolder } = useKnowledgeCommands();
  return (
    <section className="col g8">
      <div className="label">{t("knowledge.watched")}</div>
      {collection.watched.map(({ path, state }) => (
        <div key={path} className="row g8">
          <span className="grow mono t12 clip" title={path}>
            {path}
          </span>
          {state === "gone" && <span className="t12 warn">{t("knowledge.folderGone")}</span>}
          <IconButton
            icon="close"
            size="xs"
            label={t("knowledge.unwatch", { path })}
            onClick={() => unwatchFolder.mutate({ collectionId: collection.id, path })}
          />
        </div>
      ))}
    </section>
  );
}
