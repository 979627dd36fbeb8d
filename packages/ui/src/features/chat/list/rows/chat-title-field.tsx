import { useEffect, useRef, useState } from "react";
import { useText } from "../../../../i18n/use-text.ts";

/** Renames in place: Enter and leaving keep the title, Esc and an empty one do not. Null = unchanged. */
export function ChatTitleField(props: { title: string; label?: string; onDone: (title: string | null) => void }) {
  const { title, onDone } = props;
  const { t } = useText();
  const [value, setValue] = useState(title);
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => field.current?.select(), []);
  const finish = (keep: boolean) => {
    if (done.current) return;
    done.current = true;
    const next = value.trim();
    onDone(keep && next !== "" && next !== title ? next : null);
  };
  return (
    <span className="field sm grow title-field">
      <input
        ref={field}
        className="grow"
        value={value}
        maxLength={200}
        aria-label={props.label ?? t("chat.list.renameLabel")}
        onChange={(event) => setValue(event.target.value)}
        onBlur={() => finish(true)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key !== "Enter" && event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          finish(event.key === "Enter");
        }}
      />
    </span>
  );
}
