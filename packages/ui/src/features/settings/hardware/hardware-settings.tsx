import { kvTypes, type SettingKey, type Settings, settingSchemas } from "@deskside/contract";
import { useState } from "react";
import { useEngineStore } from "../../../app/client-context.tsx";
import { useMachine } from "../../../app/data/use-hardware.ts";
import { selectLeadEngine } from "../../../app/state/engine-store.ts";
import { useSetSetting, useSettings } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { NumberField, SelectField } from "../../../primitives/index.ts";
import { kvTypeWords } from "../../hardware/plan-words.ts";
import { Panel, type SettingControl, SettingRow } from "../setting-row.tsx";

/** How models are put on the machine; empty fields leave it to Deskside. */
export function HardwareSettings() {
  const { t, format } = useText();
  const plan = useEngineStore(selectLeadEngine)?.plan ?? null;
  return (
    <>
      <Panel title={t("settings.hardware.loading")}>
        <DeviceRow />
        <NumberRow
          settingKey="hardware.gpuLayers"
          words="gpuLayers"
          now={plan && plan.api !== "none" ? format.integer(plan.gpuLayers) : null}
        />
        <NumberRow
          settingKey="hardware.contextSize"
          words="contextSize"
          unit={t("settings.hardware.tokens")}
          now={plan && format.integer(plan.contextSize)}
        />
        <KvTypeRow />
      </Panel>
      <Panel title={t("settings.hardware.memoryUse")}>
        <NumberRow settingKey="hardware.threads" words="threads" now={plan && format.integer(plan.threads)} />
        <KeepFreeRow />
      </Panel>
    </>
  );
}

/** Devices that this machine has, and the one that is set even where it is not there. */
function DeviceRow() {
  const { t } = useText();
  const value = useSettings()["hardware.device"];
  const set = useSetSetting();
  const { data: machine } = useMachine();
  const apis = (["cuda", "vulkan", "metal"] as const).filter(
    (api) => api === value || machine?.gpus.some((gpu) => gpu.api === api || (api === "vulkan" && gpu.api === "cuda")),
  );
  return (
    <SettingRow
      settingKey="hardware.device"
      name={t("settings.hardware.deviceChoice.name")}
      help={t("settings.hardware.deviceChoice.help")}
    >
      {(control) => (
        <SelectField
          {...control}
          width={180}
          value={value}
          options={(["auto", "cpu", ...apis] as const).map((option) => ({
            value: option,
            label: t(`settings.hardware.deviceChoice.${option}`),
          }))}
          onChange={(next) => set("hardware.device", next)}
        />
      )}
    </SettingRow>
  );
}

function KvTypeRow() {
  const text = useText();
  const { t } = text;
  const value = useSettings()["hardware.kvType"];
  const set = useSetSetting();
  return (
    <SettingRow
      settingKey="hardware.kvType"
      name={t("settings.hardware.kvType.name")}
      help={t("settings.hardware.kvType.help")}
    >
      {(control) => (
        <SelectField
          {...control}
          width={180}
          value={value}
          options={[
            { value: "auto" as const, label: t("settings.hardware.kvType.auto") },
            ...kvTypes.map((type) => ({ value: type, label: kvTypeWords(type, text) })),
          ]}
          onChange={(next) => set("hardware.kvType", next)}
        />
      )}
    </SettingRow>
  );
}

type NumberKey = "hardware.gpuLayers" | "hardware.contextSize" | "hardware.threads";
const limits: Record<NumberKey, { least: number; most: number }> = {
  "hardware.gpuLayers": { least: 0, most: 1000 },
  "hardware.contextSize": { least: 256, most: 4_194_304 },
  "hardware.threads": { least: 1, most: 512 },
};

function NumberRow(props: {
  settingKey: NumberKey;
  words: "gpuLayers" | "contextSize" | "threads";
  unit?: string;
  /** What is in force while the field is empty. */
  now: string | null;
}) {
  const { settingKey, words, unit, now } = props;
  const { t, format } = useText();
  const value = useSettings()[settingKey];
  const set = useSetSetting();
  const { least, most } = limits[settingKey];
  return (
    <SettingRow
      settingKey={settingKey}
      name={t(`settings.hardware.${words}.name`)}
      help={t(`settings.hardware.${words}.help`)}
    >
      {(control) => (
        <TypedSetting
          key={String(value)}
          control={control}
          settingKey={settingKey}
          start={value === null ? "" : String(value)}
          {...(unit !== undefined && { unit })}
          placeholder={
            now === null ? t("settings.hardware.automatic") : t("settings.hardware.automaticNow", { value: now })
          }
          problem={t("settings.hardware.outOfRange", { least: format.integer(least), most: format.integer(most) })}
          read={(typed) => (typed === "" ? null : Number(typed.replace(/[\s,]/g, "")))}
          onSet={(next) => set(settingKey, next)}
        />
      )}
    </SettingRow>
  );
}

const gigabyte = 1024 ** 3;

function KeepFreeRow() {
  const { t } = useText();
  const value = useSettings()["hardware.keepFreeBytes"];
  const set = useSetSetting();
  return (
    <SettingRow
      settingKey="hardware.keepFreeBytes"
      name={t("settings.hardware.keepFree.name")}
      help={t("settings.hardware.keepFree.help")}
    >
      {(control) => (
        <TypedSetting
          key={String(value)}
          control={control}
          settingKey="hardware.keepFreeBytes"
          start={String(Math.round((value / gigabyte) * 100) / 100)}
          unit="GB"
          placeholder=""
          problem={t("monitor.alerts.invalid")}
          read={(typed) => (typed === "" ? Number.NaN : Math.round(Number(typed.replace(",", ".")) * gigabyte))}
          onSet={(next) => set("hardware.keepFreeBytes", next ?? defaultKeepFree)}
        />
      )}
    </SettingRow>
  );
}

const defaultKeepFree = gigabyte;

/** Set when the field is left or Enter is pressed; what the schema refuses is said and not sent. */
function TypedSetting<K extends SettingKey & (NumberKey | "hardware.keepFreeBytes")>(props: {
  control: SettingControl;
  settingKey: K;
  start: string;
  unit?: string;
  placeholder: string;
  problem: string;
  read: (typed: string) => number | null;
  onSet: (value: Settings[K]) => void;
}) {
  const { control, settingKey, start, unit, placeholder, problem, read, onSet } = props;
  const [typed, setTyped] = useState(start);
  const parsed = settingSchemas[settingKey].safeParse(read(typed.trim()));
  const commit = () => {
    if (parsed.success && typed.trim() !== start) onSet(parsed.data as Settings[K]);
  };
  return (
    <span className="col g4">
      <NumberField
        {...control}
        width={230}
        value={typed}
        {...(unit !== undefined && { unit })}
        placeholder={placeholder}
        bad={!parsed.success}
        onChange={setTyped}
        onCommit={commit}
      />
      {!parsed.success && (
        <span className="help bad" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}
