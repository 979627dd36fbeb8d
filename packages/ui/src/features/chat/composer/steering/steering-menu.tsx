import type { Sampling, Steering } from "@deskside/contract";
import { useState } from "react";
import { useModelDefaults } from "../../../../app/data/use-model-settings.ts";
import { useText } from "../../../../i18n/use-text.ts";
import { Button, Icon, Popover, Segmented } from "../../../../primitives/index.ts";
import { NumberRow } from "../../../sampling/number-row.tsx";
import { samplingFields } from "../../../sampling/sampling-fields.ts";
import { normalised, presetOf, samplingPresets, withPreset } from "./sampling-presets.ts";
import { useSteering } from "./use-steering.ts";

const answerRange = { least: 1, most: 1_000_000, isWhole: true } as const;

/** How answers of this chat are written: plain names first, exact values behind them. */
export function SteeringMenu({ chatId, modelId }: { chatId: string | null; modelId: string | null }) {
  const { t } = useText();
  const { steering, steer } = useSteering(chatId);
  const current: Steering = steering ?? { instructions: null, sampling: {} };
  const preset = presetOf(current.sampling);
  const name = preset === null ? t("chat.steering.own") : t(`chat.steering.${preset}`);
  return (
    <Popover
      side="top"
      width={380}
      label={t("chat.steering.title")}
      className="steering"
      trigger={
        <button type="button" className="tool" aria-label={`${t("chat.steering.title")}: ${name}`}>
          <Icon name="sliders" size={14} />
          <b className="clip">{name}</b>
          {current.instructions !== null && <Icon name="edit" size={12} />}
        </button>
      }
    >
      <SteeringForm
        key={chatId ?? "new"}
        steering={current}
        modelId={modelId}
        onChange={(next) => steer(normalised(next))}
      />
    </Popover>
  );
}

function SteeringForm(props: { steering: Steering; modelId: string | null; onChange: (steering: Steering) => void }) {
  const { t } = useText();
  const { steering, modelId, onChange } = props;
  const { sampling } = steering;
  const preset = presetOf(sampling);
  const [exact, setExact] = useState(preset === null);
  const change = (next: Sampling) => onChange({ ...steering, sampling: next });
  return (
    <div className="col g12 steering-form">
      <Segmented
        label={t("chat.steering.style")}
        value={preset ?? "own"}
        options={[
          ...samplingPresets.map((value) => ({ value, label: t(`chat.steering.${value}`) })),
          ...(preset === null ? [{ value: "own" as const, label: t("chat.steering.own") }] : []),
        ]}
        onChange={(value) => value !== "own" && change(withPreset(sampling, value))}
      />
      <p className="t12 ink3">{t(`chat.steering.hint.${preset ?? "own"}`)}</p>
      <Words
        label={t("chat.steering.instructions")}
        placeholder={t("chat.steering.instructionsHint")}
        value={steering.instructions ?? ""}
        rows={4}
        onCommit={(text) => onChange({ ...steering, instructions: text === "" ? null : text })}
      />
      <button type="button" className="link t12 steering-more" aria-expanded={exact} onClick={() => setExact(!exact)}>
        {exact ? t("chat.steering.hideExact") : t("chat.steering.showExact")}
      </button>
      {exact && <ExactValues sampling={sampling} modelId={modelId} onChange={change} />}
      {(Object.keys(sampling).length > 0 || steering.instructions !== null) && (
        <Button size="sm" onClick={() => onChange({ instructions: null, sampling: {} })}>
          {t("chat.steering.reset")}
        </Button>
      )}
    </div>
  );
}

function ExactValues(props: { sampling: Sampling; modelId: string | null; onChange: (sampling: Sampling) => void }) {
  const { t } = useText();
  const { sampling, modelId, onChange } = props;
  const { data } = useModelDefaults(modelId);
  const set = (key: keyof Sampling, value: Sampling[typeof key] | null) => {
    const { [key]: _, ...rest } = sampling;
    onChange(value === null ? rest : { ...rest, [key]: value });
  };
  const inherited = (key: (typeof samplingFields)[number]["key"]) =>
    data?.values.sampling[key] ?? data?.inherited.sampling[key] ?? null;
  return (
    <div className="col g8">
      {samplingFields
        .filter(({ key }) => key !== "maxReasoningTokens" || data?.reasons === true)
        .map((field) => (
          // A value that a name or a reset brought replaces what stands in the field.
          <NumberRow
            key={`${field.key} ${sampling[field.key]}`}
            label={t(`library.modelSettings.${field.key}`)}
            range={field}
            value={sampling[field.key] ?? null}
            inherited={inherited(field.key)}
            width={110}
            onChange={(value) => set(field.key, value)}
          />
        ))}
      <NumberRow
        key={`maxTokens ${sampling.maxTokens}`}
        label={t("chat.steering.maxTokens")}
        range={answerRange}
        value={sampling.maxTokens ?? null}
        inherited={null}
        width={110}
        onChange={(value) => set("maxTokens", value)}
      />
      <Words
        label={t("chat.steering.stop")}
        placeholder={t("chat.steering.stopHint")}
        value={(sampling.stop ?? []).join("\n")}
        rows={2}
        onCommit={(text) => {
          const stop = stopWords(text);
          set("stop", stop.length === 0 ? null : stop);
        }}
      />
    </div>
  );
}

const mostStops = 16;
const longestStop = 200;

/** One for each line, as many and as long as the engine takes. */
function stopWords(text: string): string[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return [...new Set(lines.map((line) => line.slice(0, longestStop)))].slice(0, mostStops);
}

function Words(props: {
  label: string;
  placeholder: string;
  value: string;
  rows: number;
  onCommit: (text: string) => void;
}) {
  const { label, placeholder, value, rows, onCommit } = props;
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  // A reset replaces what stands in the field.
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  return (
    <label className="col g4">
      <span className="label">{label}</span>
      <textarea
        className="field-area"
        rows={rows}
        maxLength={20_000}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => typed !== value && onCommit(typed)}
      />
    </label>
  );
}
