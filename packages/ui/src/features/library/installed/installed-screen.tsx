import type { InstalledModel, StoredModelInfo } from "@deskside/contract";
import { useMemo, useState } from "react";
import { useStorage } from "../../../app/data/use-library.ts";
import { useModels } from "../../../app/data/use-models.ts";
import { describeError } from "../../../i18n/describe-error.ts";
import { type Text, useText } from "../../../i18n/use-text.ts";
import { Banner, Button, SearchField } from "../../../primitives/index.ts";
import { EmptyView } from "../../frame/empty-view.tsx";
import { FitLegend } from "../../hardware/recommendation-table.tsx";
import { BundleMenu } from "../bundle/bundle-menu.tsx";
import { LibraryTabs } from "../library-tabs.tsx";
import { AddDialog } from "./add-dialog.tsx";
import { DiskUse } from "./disk-use.tsx";
import { InstalledTable } from "./installed-table.tsx";
import { TrashSection } from "./trash-section.tsx";

/** A model as it can be used, with what the store knows of its files; built-in ones are not in the store. */
export interface LibraryModel {
  readonly model: InstalledModel;
  readonly stored: StoredModelInfo | null;
}

export function InstalledScreen() {
  const text = useText();
  const { t } = text;
  const models = useModels();
  const { data: storage, error } = useStorage();
  const [query, setQuery] = useState("");
  const [adding, setAdding] = useState(false);
  const shown = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (model: InstalledModel) => {
      const all = `${model.name} ${model.id} ${model.fileName} ${model.quantization ?? ""}`.toLowerCase();
      return words.every((word) => all.includes(word));
    };
    return (models ?? []).filter(matches).map((model) => ({
      model,
      stored: storage?.models.find(({ id }) => id === model.id) ?? null,
    }));
  }, [models, storage, query]);
  const broken = models?.filter(({ problem }) => problem !== null) ?? [];
  return (
    <>
      <div className="head lib-head">
        <h1 className="sr">{t("shell.library.title")}</h1>
        <LibraryTabs current="installed" />
        <span className="grow" />
        <SearchField
          className="lib-filter"
          label={t("library.installed.filter")}
          value={query}
          onChange={setQuery}
          clearLabel={t("common.clearSearch")}
        />
        <Button size="sm" icon="folder" onClick={() => setAdding(true)}>
          {t("library.installed.add")}
        </Button>
        <BundleMenu />
      </div>
      <div className="scroll">
        {models?.length === 0 ? (
          <EmptyView icon="library" title={t("shell.library.empty")} body={t("shell.library.emptyBody")} />
        ) : (
          <div className="lbody">
            <DiskUse storage={storage} error={error} />
            {broken.map((model) => (
              <ProblemBanner key={model.id} model={model} text={text} />
            ))}
            {models && shown.length === 0 && (
              <p className="ink3">{t("library.installed.none", { query: query.trim() })}</p>
            )}
            {shown.length > 0 && <InstalledTable models={shown} folders={storage?.folders ?? []} />}
            <FitLegend />
            {storage && storage.trash.length > 0 && <TrashSection trash={storage.trash} />}
          </div>
        )}
      </div>
      <AddDialog open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function ProblemBanner({ model, text }: { model: InstalledModel; text: Text }) {
  if (!model.problem) return null;
  const { title, body } = describeError(model.problem, text);
  return (
    <Banner tone="danger" title={`${model.name}: ${title}`}>
      {body}
    </Banner>
  );
}
