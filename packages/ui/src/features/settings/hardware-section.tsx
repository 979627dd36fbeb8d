import { useEngineStore } from "../../app/client-context.tsx";
import { useSystemInfo } from "../../app/data/use-system.ts";
import { selectLeadEngine } from "../../app/state/engine-store.ts";
import { unknown } from "../../format/formats.ts";
import { useText } from "../../i18n/use-text.ts";
import { Panel, Row } from "./setting-row.tsx";

export function HardwareSection() {
  const { t, format } = useText();
  const info = useSystemInfo();
  const engine = useEngineStore(selectLeadEngine);
  const running = engine !== null && engine.phase !== "off";
  const onGraphics = running && engine.gpu !== null && engine.gpu !== "none";
  return (
    <>
      <Panel title={t("settings.hardware.machine")}>
        <Row name={t("settings.hardware.processor")}>
          {info
            ? [info.machine.cpu, t("settings.hardware.cores", { count: info.machine.cores })].join(t("common.comma"))
            : unknown}
        </Row>
        <Row name={t("settings.hardware.memory")}>{info ? format.bytes(info.machine.memoryBytes) : unknown}</Row>
      </Panel>
      <Panel title={t("settings.hardware.engine")}>
        <Row name={t("settings.hardware.library")}>
          {info ? `node-llama-cpp ${info.versions.engineLibrary}` : unknown}
        </Row>
        <Row name={t("settings.hardware.device")}>
          {!running && <span className="ink3">{t("settings.hardware.noEngine")}</span>}
          {running && !onGraphics && t("shell.monitor.processor")}
          {onGraphics && t("shell.monitor.graphics", { gpu: engine.gpu ?? "", layers: engine.gpuLayers ?? 0 })}
        </Row>
        {running && engine.threads !== null && (
          <Row name={t("settings.hardware.threads")}>{format.integer(engine.threads)}</Row>
        )}
      </Panel>
      <p className="help">{t("settings.hardware.note")}</p>
    </>
  );
}
