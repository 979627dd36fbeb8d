import type { StoredModelInfo } from "@deskside/contract";
import { useModelFacts, useStoreCommands } from "../../../app/data/use-library.ts";
import { unknown } from "../../../format/formats.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Button, Dialog } from "../../../primitives/index.ts";
import { FactsPanel } from "../facts-panel.tsx";
import type { LibraryModel } from "./installed-screen.tsx";

/** Where a model came from, its versions, and what its file says about itself. */
export function DetailsDialog({ one: { model, stored }, onClose }: { one: LibraryModel; onClose: () => void }) {
  const text = useText();
  const { t } = text;
  const { data: facts, error } = useModelFacts(model.id);
  const current = stored?.versions.find(({ state }) => state === "current");
  const pairs: readonly (readonly [string, string])[] = [
    [t("library.details.path"), stored?.path ?? model.fileName],
    [t("library.details.source"), [current?.source, stored?.repo].filter(Boolean).join(" ") || unknown],
    [t("shell.library.licence"), stored?.licence ?? (model.licence || unknown)],
  ];
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={model.name}
      width={600}
      className="lib-details"
      actions={<Button onClick={onClose}>{t("common.close")}</Button>}
    >
      <dl className="lib-pairs">
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {stored && stored.versions.length > 0 && <Versions stored={stored} />}
      {facts && <FactsPanel facts={facts} />}
      {!facts && error === null && <p className="ink3">{t("library.facts.reading")}</p>}
      {error !== null && <p className="danger">{describeError(toErrorData(error), text).body}</p>}
    </Dialog>
  );
}

function Versions({ stored }: { stored: StoredModelInfo }) {
  const { t, format } = useText();
  const { useVersion } = useStoreCommands();
  return (
    <section className="col g8" aria-labelledby="library-versions">
      <h3 className="label" id="library-versions">
        {t("library.details.versions")}
      </h3>
      <ul className="lib-lines">
        {stored.versions.map(({ key, sha256, revision, addedAt, sizeBytes, state }) => (
          <li key={key} className="row g12">
            <span className="mono grow clip" title={sha256 ?? undefined}>
              {(revision ?? sha256 ?? key).slice(0, 12)}
            </span>
            <span className="t12 ink3 nowrap">{format.fileSize(sizeBytes)}</span>
            <span className="t12 ink3 nowrap">{format.moment(addedAt, Date.now())}</span>
            {state === "current" ? (
              <Badge tone="ok">{t("library.details.current")}</Badge>
            ) : (
              <Button size="sm" onClick={() => useVersion.mutate({ modelId: stored.id, version: key })}>
                {t("library.details.useThis")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
