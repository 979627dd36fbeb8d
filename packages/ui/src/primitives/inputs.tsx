import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { Icon } from "./icon/icon.tsx";
import { Kbd } from "./labels.tsx";

export interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
  /** Ids of the elements that explain it. */
  describedBy?: string;
  disabled?: boolean;
}

/** Acts at once. */
export function Switch({ checked, onChange, label, describedBy, disabled = false }: SwitchProps) {
  return (
    <BaseSwitch.Root
      checked={checked}
      onCheckedChange={(next) => onChange(next)}
      disabled={disabled}
      aria-label={label}
      aria-describedby={describedBy}
      className={classNames("switch", checked && "on", disabled && "is-disabled")}
    />
  );
}

export interface Option<V> {
  value: V;
  label: string;
  /** Secondary words beside the label in the open list. */
  meta?: ReactNode;
}

export interface ChoiceProps<V> {
  value: V;
  options: readonly Option<V>[];
  onChange: (value: V) => void;
  label: string;
  describedBy?: string;
  disabled?: boolean;
}

/** Two to five short options, one chosen. Arrow keys move, Space and Enter choose. */
export function Segmented<V extends string>({
  value,
  options,
  onChange,
  label,
  describedBy,
  disabled = false,
}: ChoiceProps<V>) {
  const choose = (values: readonly V[]) => {
    const next = values.find((candidate) => candidate !== value);
    if (next !== undefined) onChange(next);
  };
  return (
    <ToggleGroup
      className={classNames("seg-ctl", disabled && "is-disabled")}
      value={[value]}
      onValueChange={choose}
      disabled={disabled}
      aria-label={label}
      aria-describedby={describedBy}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} className={option.value === value ? "on" : ""}>
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}

export interface SearchFieldProps extends Omit<ComponentProps<"input">, "onChange" | "size" | "type"> {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Shown at the end while the field is empty. */
  shortcut?: string;
  /** Name of the button that empties it. */
  clearLabel: string;
}

/** Esc empties it first; only an empty field lets Esc through. */
export function SearchField(props: SearchFieldProps) {
  const { label, value, onChange, shortcut, clearLabel, className, onKeyDown, ...attributes } = props;
  return (
    <span className={classNames("field search sm", className)}>
      <Icon name="search" size={14} className="ink3" />
      <input
        placeholder={label}
        {...attributes}
        type="text"
        role="searchbox"
        className="grow"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") {
            event.stopPropagation();
            onChange("");
          }
          onKeyDown?.(event);
        }}
      />
      {value === "" && shortcut !== undefined && <Kbd keys={shortcut} />}
      {value !== "" && (
        <button type="button" className="chip-act" aria-label={clearLabel} onClick={() => onChange("")}>
          <Icon name="close" size={12} />
        </button>
      )}
    </span>
  );
}

export interface NumberFieldProps {
  label: string;
  /** As it is typed: nothing is corrected while somebody types. */
  value: string;
  onChange: (typed: string) => void;
  unit?: string;
  placeholder?: string;
  describedBy?: string;
  disabled?: boolean;
  /** What is typed is not accepted. */
  bad?: boolean;
  /** Enter, or the focus left. */
  onCommit?: () => void;
  /** Pixels, 120 by default. */
  width?: number;
}

/** A number with its unit. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, onChange, unit, placeholder, describedBy, disabled = false, bad = false, onCommit } = props;
  return (
    <span
      className={classNames("field number", bad && "bad", disabled && "is-disabled")}
      style={{ width: props.width ?? 120 }}
    >
      <input
        type="text"
        inputMode="decimal"
        className="grow"
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={bad || undefined}
        value={value}
        placeholder={placeholder}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onCommit}
        onKeyDown={(event) => {
          if (event.key === "Enter") onCommit?.();
        }}
      />
      {unit !== undefined && <span className="ink3 t12">{unit}</span>}
    </span>
  );
}
