import { useChatModels } from "../../app/data/use-models.ts";
import { useSetSetting, useSettings } from "../../app/use-settings.ts";
import { useText } from "../../i18n/use-text.ts";
import { IconButton, Segmented, SelectField, Switch } from "../../primitives/index.ts";
import { Panel, SettingRow } from "./setting-row.tsx";

export function GeneralSection() {
  const { t } = useText();
  return (
    <>
      <Panel title={t("settings.appearance")}>
        <LanguageRow />
        <ThemeRow />
        <DensityRow />
        <ZoomRow />
      </Panel>
      <Panel title={t("settings.writing")}>
        <SendKeyRow />
        <DefaultModelRow />
        <ReasoningRow />
      </Panel>
    </>
  );
}

function LanguageRow() {
  const { t } = useText();
  const value = useSettings()["general.language"];
  const set = useSetSetting();
  return (
    <SettingRow settingKey="general.language" name={t("settings.language.name")} help={t("settings.language.help")}>
      {(control) => (
        <SelectField
          {...control}
          width={180}
          value={value}
          // A language is named in itself, so that whoever needs it can read it.
          options={[
            { value: "system", label: t("settings.language.system") },
            { value: "en", label: "English" },
            { value: "zh-CN", label: "简体中文" },
          ]}
          onChange={(next) => set("general.language", next)}
        />
      )}
    </SettingRow>
  );
}

function ThemeRow() {
  const { t } = useText();
  const value = useSettings()["general.theme"];
  const set = useSetSetting();
  return (
    <SettingRow settingKey="general.theme" name={t("settings.theme.name")} help={t("settings.theme.help")}>
      {(control) => (
        <Segmented
          {...control}
          value={value}
          options={(["system", "light", "dark"] as const).map((option) => ({
            value: option,
            label: t(`settings.theme.${option}`),
          }))}
          onChange={(next) => set("general.theme", next)}
        />
      )}
    </SettingRow>
  );
}

function DensityRow() {
  const { t } = useText();
  const value = useSettings()["general.density"];
  const set = useSetSetting();
  return (
    <SettingRow settingKey="general.density" name={t("settings.density.name")} help={t("settings.density.help")}>
      {(control) => (
        <Segmented
          {...control}
          value={value}
          options={(["comfortable", "compact"] as const).map((option) => ({
            value: option,
            label: t(`settings.density.${option}`),
          }))}
          onChange={(next) => set("general.density", next)}
        />
      )}
    </SettingRow>
  );
}

const zoomSteps = [80, 90, 100, 110, 125, 150, 175, 200] as const;

function ZoomRow() {
  const { t } = useText();
  const value = useSettings()["general.zoom"];
  const set = useSetSetting();
  const smaller = zoomSteps.findLast((step) => step < value);
  const larger = zoomSteps.find((step) => step > value);
  const steps = [...new Set([...zoomSteps, value])].sort((a, b) => a - b);
  return (
    <SettingRow settingKey="general.zoom" name={t("settings.zoom.name")} help={t("settings.zoom.help")}>
      {(control) => (
        <>
          <IconButton
            icon="minus"
            label={`${control.label} −`}
            disabled={control.disabled || smaller === undefined}
            onClick={() => smaller !== undefined && set("general.zoom", smaller)}
          />
          <SelectField
            {...control}
            width={96}
            value={value}
            options={steps.map((step) => ({ value: step, label: `${step}%` }))}
            onChange={(next) => set("general.zoom", next)}
          />
          <IconButton
            icon="plus"
            label={`${control.label} +`}
            disabled={control.disabled || larger === undefined}
            onClick={() => larger !== undefined && set("general.zoom", larger)}
          />
        </>
      )}
    </SettingRow>
  );
}

function SendKeyRow() {
  const { t } = useText();
  const value = useSettings()["general.sendKey"];
  const set = useSetSetting();
  return (
    <SettingRow settingKey="general.sendKey" name={t("settings.sendKey.name")} help={t("settings.sendKey.help")}>
      {(control) => (
        <Segmented
          {...control}
          value={value}
          options={(["enter", "ctrl-enter"] as const).map((option) => ({
            value: option,
            label: t(`settings.sendKey.${option}`),
          }))}
          onChange={(next) => set("general.sendKey", next)}
        />
      )}
    </SettingRow>
  );
}

function DefaultModelRow() {
  const { t } = useText();
  const value = useSettings()["general.defaultModel"];
  const set = useSetSetting();
  const models = useChatModels() ?? [];
  const usable = models.filter((model) => model.problem === null || model.id === value);
  const gone = value !== null && !models.some((model) => model.id === value);
  return (
    <SettingRow
      settingKey="general.defaultModel"
      name={t("settings.defaultModel.name")}
      help={t("settings.defaultModel.help")}
    >
      {(control) => (
        <SelectField
          {...control}
          width={280}
          value={value}
          options={[
            { value: null, label: t("common.byLanguage") },
            ...usable.map((model) => ({ value: model.id, label: model.name, meta: model.quantization })),
            ...(gone ? [{ value, label: value }] : []),
          ]}
          onChange={(next) => set("general.defaultModel", next)}
        />
      )}
    </SettingRow>
  );
}

function ReasoningRow() {
  const { t } = useText();
  const value = useSettings()["general.showReasoning"];
  const set = useSetSetting();
  return (
    <SettingRow
      settingKey="general.showReasoning"
      name={t("settings.showReasoning.name")}
      help={t("settings.showReasoning.help")}
    >
      {(control) => <Switch {...control} checked={value} onChange={(next) => set("general.showReasoning", next)} />}
    </SettingRow>
  );
}
