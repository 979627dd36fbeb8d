import type { CatalogueEntryFile, HubInfo, HubSpeed } from "@deskside/contract";
import { useHubComparison } from "../../../app/data/use-library.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Banner, Button } from "../../../primitives/index.ts";
import { hostOf } from "./hub-hits.tsx";

/** How fast each hub is, measured when somebody asks, and one click to take it. */
export function CompareHubs(props: {
  file: CatalogueEntryFile;
  hubs: readonly HubInfo[];
  onChoose: (hubId: string) => void;
}) {
  const { file, hubs, onChoose } = props;
  const text = useText();
  const { t } = text;
  const comparison = useHubComparison();
  const { repo, quantization, revision } = file;
  const error = comparison.error === null ? null : describeError(toErrorData(comparison.error), text);
  return (
    <div className="col g8">
      <span className="row g8">
        <Button
          size="sm"
          icon="gauge"
          busy={comparison.pending && t("library.model.comparing")}
          onClick={() => comparison.compare({ repo, revision, file: quantization })}
        >
          {t("library.model.compare")}
        </Button>
        <span className="help">{t("library.model.compareHint", { quantization })}</span>
      </span>
      {error !== null && (
        <Banner tone="danger" title={error.title}>
          {error.body}
        </Banner>
      )}
      {comparison.data && (
        <ul className="lib-speeds" aria-label={t("library.model.compare")}>
          {comparison.data.speeds.map((speed) => (
            <SpeedLine key={speed.hub} {...{ speed, hubs, onChoose }} />
          ))}
        </ul>
      )}
    </div>
  );
}

function SpeedLine(props: { speed: HubSpeed; hubs: readonly HubInfo[]; onChoose: (hubId: string) => void }) {
  const { speed, hubs, onChoose } = props;
  const text = useText();
  const { t, format } = text;
  const info = hubs.find(({ id, baseUrl }) => id === speed.hub || baseUrl === speed.hub) ?? null;
  const name = info ? hostOf(info.baseUrl) : speed.hub;
  const usable = info !== null && speed.bytesPerSecond !== null && speed.sameFile === true;
  return (
    <li className="row g8">
      <span className="grow clip">{name}</span>
      <span className="med nowrap" title={speed.error ? describeError(speed.error, text).title : undefined}>
        {speed.bytesPerSecond === null ? t("library.model.compareFailed") : format.rate(speed.bytesPerSecond)}
      </span>
      {speed.sameFile === false && <span className="ink3 nowrap">{t("library.model.compareOther")}</span>}
      {usable && (
        <Button size="sm" variant="quiet" onClick={() => onChoose(info.id)}>
          {t("library.model.compareUse", { hub: name })}
        </Button>
      )}
    </li>
  );
}
