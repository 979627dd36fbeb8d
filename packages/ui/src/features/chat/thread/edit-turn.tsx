import { useEffect, useRef, useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { Button } from "../../../primitives/index.ts";

export interface EditTurnProps {
  text: string;
  label: string;
  /** What keeping it does: a question is asked again, an answer is only kept. */
  action: string;
  hint: string;
  /** Rejects when it was refused: what was typed stays. */
  onKeep: (text: string) => Promise<void>;
  onClose: () => void;
}

/** A turn in other words, in its place. Ctrl Enter keeps it, Esc leaves it as it was. */
export function EditTurn({ text, label, action, hint, onKeep, onClose }: EditTurnProps) {
  const { t } = useText();
  const [value, setValue] = useState(text);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const element = field.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  const canKeep = value.trim() !== "" && value !== text && !busy;
  const keep = () => {
    if (!canKeep) return;
    setBusy(true);
    onKeep(value).then(onClose, () => setBusy(false));
  };
  return (
    <div className="edit-turn">
      <textarea
        ref={field}
        className="field-area"
        aria-label={label}
        value={value}
        rows={Math.min(16, Math.max(3, value.split("\n").length + 1))}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Escape") {
            event.preventDefault();
            onClose();
          } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            keep();
          }
        }}
      />
      <div className="row g8">
        <span className="t12 ink3 grow">{hint}</span>
        <Button size="sm" onClick={onClose}>
          {t("chat.thread.cancelEdit")}
        </Button>
        <Button size="sm" variant="primary" disabled={!canKeep} onClick={keep}>
          {action}
        </Button>
      </div>
    </div>
  );
}
