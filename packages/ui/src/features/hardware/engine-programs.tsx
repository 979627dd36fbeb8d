import type { EngineBinaries, EngineBinary } from "@deskside/contract";
import { useState } from "react";
import { useEngineBinaries, useEngineBinaryCommands, useFollowFetch } from "../../app/data/use-engine-binaries.ts";
import { describeError, toErrorData } from "../../i18n/describe-error.ts";
import { describeLoadCause, describeWhyCpu } from "../../i18n/describe-hardware.ts";
import { type Text, useText } from "../../i18n/use-text.ts";
import { Badge, Banner, Button, Dialog, ProgressBar, type Tone } from "../../primitives/index.ts";

/** Which devices the engine can reach, what is missing for the others, and getting it. */
export function EnginePrograms() {
  const text = useText();
  const { t } = text;
  const { data, error } = useEngineBinaries();
  return (
    <section>
      <h2>{t("engine.programs.title")}</h2>
      {error !== null && data === null && (
        <Banner tone="danger" title={t("engine.programs.failed")}>
          {describeError(toErrorData(error), text).body}
        </Banner>
      )}
      {data && (
        <div className="panel">
          {data.binaries.map((binary) => (
            <ProgramRow key={binary.api} binary={binary} all={data} />
          ))}
        </div>
      )}
      <p className="help gap8">{t("engine.programs.help")}</p>
    </section>
  );
}

const stateTone: Record<EngineBinary["state"], Tone> = {
  bundled: "ok",
  fetched: "ok",
  fetchable: "neutral",
  damaged: "danger",
  unavailable: "neutral",
};

function ProgramRow({ binary, all }: { binary: EngineBinary; all: EngineBinaries }) {
  const text = useText();
  const { t } = text;
  useFollowFetch(binary);
  return (
    <div className="set">
      <div>
        <div className="n row g8">
          {t(`hardware.api.${binary.api}`)}
          <Badge tone={stateTone[binary.state]}>{t(`engine.programs.state.${binary.state}`)}</Badge>
        </div>
        <div className="d">{programWords(binary, text)}</div>
      </div>
      <div className="c">
        <ProgramActions binary={binary} all={all} />
      </div>
    </div>
  );
}

/** What came of the trial, or what stands in the way; the tool's own words behind it. */
function programWords(binary: EngineBinary, text: Text): string {
  const { t, format } = text;
  const { trial, obstacle, state } = binary;
  if (obstacle !== null) {
    const words = t(`engine.programs.obstacle.${obstacle}`);
    return binary.detail === "" ? words : t("hardware.withDetail", { text: words, detail: binary.detail });
  }
  if (state !== "bundled" && state !== "fetched") return binary.helps ? "" : t("engine.programs.noHelp");
  if (!trial) return t("engine.programs.untried");
  if (trial.passed && trial.whyCpu === null) {
    const time = format.duration(trial.ms);
    if (trial.devices.length === 0) return t("engine.programs.passed", { time });
    return t("engine.programs.passedOn", { time, devices: trial.devices.join(t("common.listComma")) });
  }
  return [
    trial.whyCpu && describeWhyCpu(trial.whyCpu, text),
    trial.cause && describeLoadCause(trial.cause, text).what,
    trial.cause && describeLoadCause(trial.cause, text).remedy,
  ]
    .filter(Boolean)
    .join(text.language === "en" ? " " : "");
}

function ProgramActions({ binary, all }: { binary: EngineBinary; all: EngineBinaries }) {
  const { t, format } = useText();
  const { get, cancel, try: start, trying } = useEngineBinaryCommands(binary.api);
  const [asking, setAsking] = useState(false);
  const { progress, state } = binary;
  if (progress) {
    const { stage, receivedBytes, totalBytes } = progress;
    const words =
      stage === "unpack"
        ? t("engine.programs.unpack")
        : t("engine.programs.download", { done: format.fileSize(receivedBytes), total: format.fileSize(totalBytes) });
    return (
      <>
        <span className="col g4 program-progress t12 ink2">
          {words}
          <ProgressBar value={totalBytes > 0 ? receivedBytes / totalBytes : null} label={words} />
        </span>
        <Button size="sm" onClick={cancel}>
          {t("engine.programs.cancel")}
        </Button>
      </>
    );
  }
  if (state === "bundled" || state === "fetched") {
    return (
      <Button size="sm" busy={trying && t("engine.programs.trying")} onClick={start}>
        {t("engine.programs.try")}
      </Button>
    );
  }
  if (state === "unavailable") return null;
  return (
    <>
      <Button size="sm" icon="download" onClick={() => setAsking(true)}>
        {t("engine.programs.get", { size: format.fileSize(binary.downloadBytes) })}
      </Button>
      {asking && (
        <AskBeforeFetch binary={binary} registry={all.registry} onClose={() => setAsking(false)} onGet={get} />
      )}
    </>
  );
}

/** Nothing is fetched before somebody said so. */
function AskBeforeFetch(props: { binary: EngineBinary; registry: string; onClose: () => void; onGet: () => void }) {
  const { t, format } = useText();
  const { binary, registry, onClose, onGet } = props;
  const size = format.fileSize(binary.downloadBytes);
  return (
    <Dialog
      open
      alert
      onOpenChange={(open) => !open && onClose()}
      title={t("engine.programs.getTitle", { api: t(`hardware.api.${binary.api}`) })}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            onClick={() => {
              onGet();
              onClose();
            }}
          >
            {t("engine.programs.getConfirm", { size })}
          </Button>
        </>
      }
    >
      <p className="ink2">
        {t("engine.programs.getBody", { size, host: hostOf(registry), room: format.bytes(binary.unpackedBytes) })}
      </p>
    </Dialog>
  );
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
