import { useModels } from "../../../app/data/use-models.ts";
import { useSetSetting, useSettings } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { SelectField } from "../../../primitives/index.ts";
import { SettingRow } from "../setting-row.tsx";

/** Which installed model turns documents and questions into vectors. */
export function EmbeddingRow() {
  const { t } = useText();
  const value = useSettings()["knowledge.embeddingModel"];
  const set = useSetSetting();
  const models = useModels()?.filter(({ role, problem }) => role === "embedding" && problem === null) ?? [];
  const others = models.filter(({ builtIn }) => !builtIn);
  // A model that is not there any more stays chosen until somebody chooses another.
  const isGone = value !== null && !models.some(({ id }) => id === value);
  return (
    <SettingRow
      settingKey="knowledge.embeddingModel"
      name={t("library.settings.embedding.name")}
      help={t("library.settings.embedding.help")}
    >
      {(control) => (
        <SelectField<string | null>
          {...control}
          width={240}
          value={value}
          options={[
            { value: null, label: t("library.settings.embedding.builtIn") },
            ...others.map(({ id, name }) => ({ value: id, label: name })),
            ...(isGone ? [{ value, label: value }] : []),
          ]}
          onChange={(next) => set("knowledge.embeddingModel", next)}
        />
      )}
    </SettingRow>
  );
}
