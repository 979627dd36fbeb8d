import { useEngineStore } from "../../../app/client-context.tsx";
import { useSystemInfo } from "../../../app/data/use-system.ts";
import { selectLeadEngine } from "../../../app/state/engine-store.ts";
import { unknown } from "../../../format/formats.ts";
import { describeWhyCpu } from "../../../i18n/describe-hardware.ts";
import { useText } from "../../../i18n/use-text.ts";
import { BenchPanel } from "../../hardware/bench/bench-panel.tsx";
import { EnginePrograms } from "../../hardware/engine-programs.tsx";
import { MachineCard } from "../../hardware/machine-card.tsx";
import { predictedUsed } from "../../hardware/memory-words.ts";
import { deviceWords, planWords } from "../../hardware/plan-words.ts";
import { HardwareSettings } from "./hardware-settings.tsx";
import { Panel, Row } from "../setting-row.tsx";

/** What the machine has, how models are put on it, and how the engine runs now. */
export function HardwareSection() {
  const { t } = useText();
  return (
    <>
      <MachineCard />
      <HardwareSettings />
      <p className="help">{t("settings.hardware.effect")}</p>
      <EngineNow />
      <EnginePrograms />
      <BenchPanel />
    </>
  );
}

function EngineNow() {
  const text = useText();
  const { t } = text;
  const info = useSystemInfo();
  const engine = useEngineStore(selectLeadEngine);
  const running = engine !== null && engine.phase !== "off";
  const memory = running ? predictedUsed(engine.predicted, engine.measured, text) : null;
  return (
    <Panel title={t("settings.hardware.engine")}>
      <Row name={t("settings.hardware.library")}>
        {info ? `node-llama-cpp ${info.versions.engineLibrary}` : unknown}
      </Row>
      <Row
        name={t("settings.hardware.device")}
        help={running && engine.whyCpu !== null ? describeWhyCpu(engine.whyCpu, text) : undefined}
      >
        {running ? (
          deviceWords(engine, text) || unknown
        ) : (
          <span className="ink3">{t("settings.hardware.noEngine")}</span>
        )}
      </Row>
      {running && engine.plan && <Row name={t("settings.hardware.plan")}>{planWords(engine.plan, text)}</Row>}
      {memory !== null && <Row name={t("settings.hardware.memory")}>{memory}</Row>}
    </Panel>
  );
}
