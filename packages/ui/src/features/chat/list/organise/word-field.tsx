import type { ReactNode, RefObject } from "react";

export interface WordFieldProps {
  label: string;
  hint?: ReactNode;
  value: string;
  maxLength: number;
  field?: RefObject<HTMLInputElement | null>;
  onChange: (value: string) => void;
  /** Enter. */
  onSubmit: () => void;
}

/** A field of a dialog that takes one word or name. */
export function WordField({ label, hint, value, maxLength, field, onChange, onSubmit }: WordFieldProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <label className="col g4">
        <span className="label">{label}</span>
        <span className="field">
          <input
            ref={field}
            className="grow"
            value={value}
            maxLength={maxLength}
            onChange={(event) => onChange(event.target.value)}
          />
        </span>
        {hint !== undefined && <span className="t12 ink3">{hint}</span>}
      </label>
    </form>
  );
}
