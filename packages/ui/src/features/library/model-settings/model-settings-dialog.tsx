import { type InstalledModel, kvTypes, type ModelDefaults, type ModelDefaultsView } from "@deskside/contract";
import { useState } from "react";
import { useModelDefaults, useModelSettingsCommands } from "../../../app/data/use-model-settings.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog, SelectField } from "../../../primitives/index.ts";
import { AttachmentsList } from "./attachments-list.tsx";
import { NumberRow } from "../../sampling/number-row.tsx";
import { defaultFields, valueOf, withValue } from "./default-fields.ts";

/** What is used for one model unless a chat says otherwise, and what is loaded with it. */
export function ModelSettingsDialog({ model, onClose }: { model: InstalledModel; onClose: () => void }) {
  const text = useText();
  const { t } = text;
  const { data: view, error } = useModelDefaults(model.id);
  const { reset } = useModelSettingsCommands(model.id);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t("library.modelSettings.title", { model: model.name })}
      width={560}
      className="lib-details"
      actions={
        <>
          <Button onClick={() => reset.mutate()}>{t("library.modelSettings.reset")}</Button>
          <Button variant="primary" onClick={onClose}>
            {t("common.close")}
          </Button>
        </>
      }
    >
      <p className="ink2">{t("library.modelSettings.help")}</p>
      {view && <DefaultsForm view={view} />}
      {error !== null && <p className="danger">{describeError(toErrorData(error), text).body}</p>}
      <AttachmentsList model={model} />
    </Dialog>
  );
}

function DefaultsForm({ view }: { view: ModelDefaultsView }) {
  const { t } = useText();
  const { save } = useModelSettingsCommands(view.modelId);
  const { values, inherited } = view;
  const change = (next: ModelDefaults) => save.mutate(next);
  const fields = defaultFields.filter(({ key }) => view.reasons || key !== "maxReasoningTokens");
  const automatic = t("library.modelSettings.automatic");
  return (
    <div className="col g8">
      {fields.map((field) => (
        // A value that was reset elsewhere replaces what stands in the field.
        <NumberRow
          key={`${field.key} ${valueOf(values, field.key)}`}
          label={t(`library.modelSettings.${field.key}`)}
          range={field.key === "contextSize" ? { ...field, most: view.maxContextSize } : field}
          value={valueOf(values, field.key)}
          inherited={valueOf(inherited, field.key)}
          onChange={(value) => change(withValue(values, field.key, value))}
        />
      ))}
      <div className="row g12">
        <span className="grow">{t("library.modelSettings.kvType")}</span>
        <SelectField
          label={t("library.modelSettings.kvType")}
          small
          width={140}
          value={values.kvType}
          options={[
            { value: null, label: inherited.kvType ?? automatic },
            ...kvTypes.map((kvType) => ({ value: kvType, label: kvType })),
          ]}
          onChange={(kvType) => change({ ...values, kvType })}
        />
      </div>
      <SystemPrompt
        key={values.systemPrompt ?? ""}
        value={values.systemPrompt}
        inherited={inherited.systemPrompt}
        onChange={(systemPrompt) => change({ ...values, systemPrompt })}
      />
    </div>
  );
}

function SystemPrompt(props: {
  value: string | null;
  inherited: string | null;
  onChange: (value: string | null) => void;
}) {
  const { t } = useText();
  const [typed, setTyped] = useState(props.value ?? "");
  const commit = () => {
    const next = typed.trim() === "" ? null : typed;
    if (next !== props.value) props.onChange(next);
  };
  return (
    <label className="col g4">
      <span>{t("library.modelSettings.systemPrompt")}</span>
      <textarea
        className="field"
        rows={3}
        value={typed}
        maxLength={20_000}
        placeholder={props.inherited ?? ""}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
      />
    </label>
  );
}
