import type { CatalogueEntry, HubInfo } from "@deskside/contract";
import { useState } from "react";
import { useMachine } from "../../../app/data/use-hardware.ts";
import { useCatalogueFits, useHubs } from "../../../app/data/use-library.ts";
import { unknown } from "../../../format/formats.ts";
import { describeFitReason } from "../../../i18n/describe-hardware.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Banner, Button, Segmented, SelectField } from "../../../primitives/index.ts";
import { FitLegend } from "../../hardware/recommendation-table.tsx";
import { type GetModel, useGetModel } from "../use-get-model.ts";
import { CompareHubs } from "./compare-hubs.tsx";
import { licenceOf } from "./catalogue-index.ts";
import { entryRequest } from "./entry-request.ts";
import { languageWord, parameterWords } from "./entry-words.ts";
import { fitOfFile } from "./file-fit.ts";
import { hostOf } from "./hub-hits.tsx";
import { fitKey, QuantizationTable } from "./quantization-table.tsx";

const contexts = [8192, 16_384, 32_768, 65_536] as const;

/** One model of the catalogue: what it is, which file suits this machine and why, and every file there is. */
export function ModelDetail({ entry }: { entry: CatalogueEntry }) {
  const { t } = useText();
  const { data: machine } = useMachine();
  const [contextSize, setContextSize] = useState<number | null>(null);
  const [hubId, setHubId] = useState<string | null>(null);
  const hubs = useHubs().data ?? [];
  const hub = hubs.find(({ id }) => id === hubId) ?? null;
  const known = entry.files.filter((file) => fitOfFile(entry, file) !== null).map((file) => fitKey(entry, file));
  const fits = useCatalogueFits([...new Set(known)], contextSize);
  const getModel = useGetModel();
  const measured = entry.files.find(({ quantization }) => quantization === entry.best) ?? entry.files[0] ?? null;
  return (
    <>
      <div className="head">
        <h1 className="clip">{entry.name}</h1>
        {entry.reasoning && <Badge>{t("library.discover.reasoning")}</Badge>}
        {entry.role !== "chat" && <Badge>{t(`library.role.${entry.role}`)}</Badge>}
        {entry.languages.length > 0 && <LanguageBadge languages={entry.languages} />}
      </div>
      <div className="scroll">
        <div className="lbody">
          <EntryFacts entry={entry} />
          <BestChoice {...{ entry, hub, getModel }} />
          <div className="row g16 lib-controls">
            <ContextChoice entry={entry} value={contextSize} onChange={setContextSize} />
            <span className="row g8">
              <span className="label">{t("library.model.source")}</span>
              <SelectField<string | null>
                small
                label={t("library.model.source")}
                value={hubId}
                options={[
                  { value: null, label: t("library.model.sourceAutomatic") },
                  ...hubs.map(({ id, baseUrl }) => ({ value: id, label: hostOf(baseUrl) })),
                ]}
                onChange={setHubId}
              />
            </span>
          </div>
          {measured && <CompareHubs file={measured} hubs={hubs} onChoose={setHubId} />}
          {machine && <QuantizationTable {...{ entry, machine, fits, contextSize, hub, getModel }} />}
          <div className="row g16 lib-under">
            <FitLegend />
            <span className="grow" />
            <span className="t12 ink3">
              {t(
                entry.files.every(({ sha256 }) => sha256 !== null)
                  ? "library.model.checked"
                  : "library.model.unchecked",
              )}
            </span>
          </div>
        </div>
      </div>
    </>
  );
}

function LanguageBadge({ languages }: { languages: readonly string[] }) {
  const text = useText();
  const { t } = text;
  const words = languages.map((tag) => languageWord(tag, text));
  const shown = words.slice(0, 3).join(t("common.listComma"));
  const rest = words.length - 3;
  return <Badge title={words.join(t("common.listComma"))}>{rest > 0 ? `${shown} +${rest}` : shown}</Badge>;
}

function EntryFacts({ entry }: { entry: CatalogueEntry }) {
  const text = useText();
  const { t, format } = text;
  // Of some only the month is known; a day would be made up.
  const isDay = entry.released !== null && /^\d{4}-\d{2}-\d{2}$/.test(entry.released);
  const released = isDay ? Date.parse(`${entry.released}T12:00:00`) : Number.NaN;
  const publishers = [...new Set(entry.files.map(({ publisher }) => publisher))];
  const facts: readonly (readonly [string, string | null])[] = [
    [t("library.model.parameters"), parameterWords(entry, text)],
    [t("library.model.context"), entry.contextSize === null ? null : format.compact(entry.contextSize)],
    [t("library.model.licence"), licenceOf(entry) || null],
    [t("library.model.released"), Number.isFinite(released) ? format.date(released) : entry.released],
    [t("library.model.publisher"), publishers.slice(0, 2).join(t("common.listComma")) || null],
  ];
  return (
    <dl className="lib-facts">
      {facts.map(([name, value]) => (
        <div key={name} title={name === t("library.model.licence") ? (entry.licence.note ?? undefined) : undefined}>
          <dt className="label">{name}</dt>
          <dd className="med">{value ?? unknown}</dd>
        </div>
      ))}
    </dl>
  );
}

function BestChoice(props: { entry: CatalogueEntry; hub: HubInfo | null; getModel: GetModel }) {
  const text = useText();
  const { t, format } = text;
  const { entry, hub, getModel } = props;
  const best = entry.files.find(({ quantization }) => quantization === entry.best) ?? null;
  const reasons = entry.because
    .map((reason) => describeFitReason(reason, text))
    .join(text.language === "en" ? " " : "");
  if (best === null) {
    const incomplete = entry.files.every((file) => fitOfFile(entry, file) === null);
    return incomplete ? (
      <Banner tone="info">{t("library.model.incomplete", { status: entry.status })}</Banner>
    ) : (
      <Banner tone="warn" title={t("library.model.noBest")}>
        {reasons || t("library.model.noBestBody")}
      </Banner>
    );
  }
  const request = entryRequest(best, hub);
  const size = best.sizeBytes === null ? unknown : format.fileSize(best.sizeBytes);
  const running = getModel.find(request.repo, request.file) !== null;
  return (
    <Banner
      tone="accent"
      icon="star"
      title={t("library.model.bestTitle", { quantization: best.quantization })}
      actions={
        <Button
          variant="primary"
          icon="download"
          disabled={running}
          busy={getModel.isAsking(request) && t("library.model.getting")}
          onClick={() => getModel.get(request, `${entry.name} ${best.quantization}`)}
        >
          {running
            ? t("library.model.inProgress")
            : t("library.model.getBest", { quantization: best.quantization, size })}
        </Button>
      }
    >
      {reasons}
    </Banner>
  );
}

function ContextChoice(props: {
  entry: CatalogueEntry;
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  const { t, format } = useText();
  const { entry, value, onChange } = props;
  const offered = contexts.filter((size) => entry.contextSize === null || size <= entry.contextSize);
  return (
    <span className="row g8">
      <span className="label">{t("library.model.predictFor")}</span>
      <Segmented<string>
        label={t("library.model.predictFor")}
        value={value === null ? "auto" : String(value)}
        options={[
          { value: "auto", label: t("library.model.automatic") },
          ...offered.map((size) => ({ value: String(size), label: format.compact(size) })),
        ]}
        onChange={(next) => onChange(next === "auto" ? null : Number(next))}
      />
    </span>
  );
}
