import { useId, useState } from "react";
import { useText } from "../../i18n/use-text.ts";
import { NumberField } from "../../primitives/index.ts";
import { type NumberRange, parseTyped } from "./number-range.ts";

export interface NumberRowProps {
  label: string;
  range: NumberRange;
  /** Null = not set. */
  value: number | null;
  /** What applies then; null = decided by the engine. */
  inherited: number | null;
  /** Pixels. */
  width?: number;
  onChange: (value: number | null) => void;
}

/** A number with its name. What does not fit is said beside it and not taken. */
export function NumberRow({ label, range, value, inherited, width = 140, onChange }: NumberRowProps) {
  const { t, format } = useText();
  const [typed, setTyped] = useState(value === null ? "" : String(value));
  const parsed = parseTyped(typed, range);
  const id = useId();
  return (
    <div className="row g12">
      <span className="grow">{label}</span>
      {parsed === undefined && (
        <span className="t12 danger" id={id}>
          {t("library.modelSettings.bounds", { least: format.number(range.least), most: format.number(range.most) })}
        </span>
      )}
      <NumberField
        label={label}
        value={typed}
        onChange={setTyped}
        width={width}
        placeholder={inherited === null ? t("library.modelSettings.automatic") : String(inherited)}
        bad={parsed === undefined}
        {...(parsed === undefined && { describedBy: id })}
        onCommit={() => {
          if (parsed !== undefined && parsed !== value) onChange(parsed);
        }}
      />
    </div>
  );
}
