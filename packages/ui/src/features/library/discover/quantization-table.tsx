import type { CatalogueEntry, CatalogueEntryFile, FitReport, HubInfo, MachineProfile } from "@deskside/contract";
import { useModels } from "../../../app/data/use-models.ts";
import { unknown } from "../../../format/formats.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Button, ComparedFitBar, classNames } from "../../../primitives/index.ts";
import { type FitBarFigures, type FitLimit, fitFigures, fitLimit, sharedScale } from "../../hardware/fit-scale.ts";
import { barWords } from "../../hardware/memory-words.ts";
import { GradeBadge } from "../../hardware/recommendation-table.tsx";
import type { GetModel } from "../use-get-model.ts";
import { entryRequest } from "./entry-request.ts";
import { bitsPerWeight, fitOfFile } from "./file-fit.ts";

export interface QuantizationTableProps {
  entry: CatalogueEntry;
  machine: MachineProfile;
  /** By `fitKey`; what is not there yet is drawn empty. */
  fits: ReadonlyMap<string, FitReport | null>;
  /** Null = what the model and the memory allow: the catalogue's own figures hold. */
  contextSize: number | null;
  hub: HubInfo | null;
  getModel: GetModel;
}

export function fitKey(entry: CatalogueEntry, file: CatalogueEntryFile): string {
  return `${entry.id}:${file.quantization}`;
}

/** All files of a model on one scale: what each takes here, how fast it would be, and a button to get it. */
export function QuantizationTable(props: QuantizationTableProps) {
  const { entry, machine, fits } = props;
  const { t, format } = useText();
  const limit = fitLimit(machine);
  const rows = entry.files.map((file) => {
    const report = fitOfFile(entry, file) === null ? null : (fits.get(fitKey(entry, file)) ?? null);
    return { file, report, figures: report && fitFigures(report.predicted, limit) };
  });
  const scaleBytes = sharedScale(
    rows.flatMap(({ figures }) => (figures ? [figures] : [])),
    limit,
  );
  return (
    <div className="table-wrap">
      <table className="tb edge quant">
        <thead>
          <tr>
            <th>{t("library.model.quantization")}</th>
            <th className="r">{t("library.model.file")}</th>
            <th className="r lo-md">{t("library.model.bits")}</th>
            {rows.some(({ file }) => file.qualityLoss !== null) && <th className="r lo-md">{t("bundle.loss.name")}</th>}
            <th>{t("library.model.memory", { limit: format.bytes(limit.totalBytes) })}</th>
            <th className="r hide-sm">
              <span className="sr">{t("shell.models.fit")}</span>
            </th>
            <th className="r">{t("library.model.predicted")}</th>
            <th>
              <span className="sr">{t("library.model.get")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ file, report, figures }) => (
            <FileRow
              key={`${file.repo}/${file.file}`}
              {...props}
              {...{ file, report, figures, limit, scaleBytes }}
              best={file.quantization === entry.best}
              hasLosses={rows.some((row) => row.file.qualityLoss !== null)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface FileRowProps extends QuantizationTableProps {
  file: CatalogueEntryFile;
  report: FitReport | null;
  figures: FitBarFigures | null;
  limit: FitLimit;
  scaleBytes: number;
  best: boolean;
  /** The table has the column. */
  hasLosses: boolean;
}

function FileRow(props: FileRowProps) {
  const { t } = useText();
  const { entry, file, report, best, contextSize } = props;
  const own = contextSize === null ? fitOfFile(entry, file) : null;
  const grade = report?.grade ?? own?.grade ?? null;
  const speed = report ? report.predicted.tokensPerSecond : (own?.tokensPerSecond ?? null);
  return (
    <tr className={best ? "best" : ""}>
      <td>
        <span className="row g8">
          <span className="mono">{file.quantization}</span>
          {best && (
            <Badge tone="accent" icon="star">
              {t("library.model.bestHere")}
            </Badge>
          )}
        </span>
        <span className="t11 ink3 clip" title={`${file.repo}, ${t(`library.model.trust.${file.trust}`)}`}>
          {file.publisher}
        </span>
      </td>
      <SizeCells {...props} />
      {props.hasLosses && <LossCell loss={file.qualityLoss} />}
      <FitCells {...props} grade={grade} />
      <SpeedCell speed={speed} />
      <td className="r">
        <GetCell {...props} />
      </td>
    </tr>
  );
}

function SizeCells({ file, entry }: FileRowProps) {
  const { t, format } = useText();
  const { sizeBytes, sizeIsApproximate, shards } = file;
  const bits = sizeIsApproximate ? null : bitsPerWeight(entry, file);
  const size = sizeBytes === null ? unknown : format.fileSize(sizeBytes);
  return (
    <>
      <td
        className="r nowrap"
        title={
          sizeIsApproximate
            ? t("library.model.approximately")
            : sizeBytes === null
              ? undefined
              : format.exactBytes(sizeBytes)
        }
      >
        {sizeIsApproximate && sizeBytes !== null ? t("hardware.about", { value: size }) : size}
        {shards > 1 && <div className="t11 ink3">{t("library.model.parts", { count: shards })}</div>}
      </td>
      <td className="r lo-md ink2">{bits === null ? unknown : format.number(bits, 2)}</td>
    </>
  );
}

/** Perplexity added to one measured model; the words beside it say which. */
function LossCell({ loss }: { loss: CatalogueEntryFile["qualityLoss"] }) {
  const { t, format } = useText();
  if (loss === null) return <td className="r lo-md ink3">{unknown}</td>;
  return (
    <td className="r lo-md ink2" title={t("bundle.loss.help", { model: loss.model, source: loss.source })}>
      +{format.number(loss.deltaPerplexity, 3)}
    </td>
  );
}

function FitCells(props: FileRowProps & { grade: FitReport["grade"] | null }) {
  const text = useText();
  const { t, format } = text;
  const { figures, limit, scaleBytes, grade } = props;
  const spill = figures?.spillBytes ?? 0;
  return (
    <>
      <td className="fitcell">
        {figures ? (
          <ComparedFitBar
            parts={figures.parts}
            limitBytes={limit.totalBytes}
            spillBytes={spill}
            scaleBytes={scaleBytes}
            label={barWords(figures.parts, limit.totalBytes, text)}
          />
        ) : (
          <span className="ink3">{unknown}</span>
        )}
      </td>
      <td className="r nowrap hide-sm">
        {figures && grade !== "too-large" && (
          <span className={classNames("t12", spill > 0 ? "warn" : figures.spareBytes >= 0 ? "ok" : "danger")}>
            {spill > 0
              ? t("hardware.moved", { bytes: format.bytes(spill) })
              : t(figures.spareBytes >= 0 ? "hardware.spare" : "hardware.missing", {
                  bytes: format.bytes(Math.abs(figures.spareBytes)),
                })}
          </span>
        )}{" "}
        {grade !== null && <GradeBadge grade={grade} />}
      </td>
    </>
  );
}

function SpeedCell({ speed }: { speed: number | null }) {
  const { format } = useText();
  if (speed === null) return <td className="r ink3">{unknown}</td>;
  return (
    <td className="r nowrap">
      <b className="med">{format.speedFigure(speed)}</b> <span className="ink3">tok/s</span>
    </td>
  );
}

function GetCell({ entry, file, hub, getModel, best }: FileRowProps) {
  const { t } = useText();
  const models = useModels();
  const request = entryRequest(file, hub);
  const name = `${entry.name} ${file.quantization}`;
  const here = models?.some(
    ({ id, quantization }) => entry.installed.includes(id) && quantization === file.quantization,
  );
  if (here === true) return <Badge tone="ok">{t("library.discover.installed")}</Badge>;
  const running = getModel.find(request.repo, request.file);
  if (running) return <Badge tone="info">{t("library.model.inProgress")}</Badge>;
  return (
    <Button
      size="sm"
      aria-label={t("library.model.getName", { name })}
      busy={getModel.isAsking(request) && t("library.model.getting")}
      variant={best ? "primary" : "default"}
      onClick={() => getModel.get(request, name)}
    >
      {t("library.model.get")}
    </Button>
  );
}
