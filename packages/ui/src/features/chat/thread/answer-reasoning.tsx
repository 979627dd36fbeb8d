import { useId, useState } from "react";
import { Trans } from "react-i18next";
import { useText } from "../../../i18n/use-text.ts";
import { languageTag } from "../../../markdown/index.ts";
import { Icon } from "../../../primitives/index.ts";

export interface AnswerReasoningProps {
  text: string;
  /** The model is thinking now. */
  thinking: boolean;
  tokens: number;
  /** Milliseconds; null while it is not known. */
  durationMs: number | null;
  /** Whether it is open by itself while the model thinks. */
  showWhileThinking: boolean;
}

/** The model's thinking: open while it streams, then one line with its duration. */
export function AnswerReasoning({ text, thinking, tokens, durationMs, showWhileThinking }: AnswerReasoningProps) {
  const { t, format } = useText();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const id = useId();
  const open = chosen ?? (thinking && showWhileThinking);
  return (
    <div className="col g8 think-part">
      <button type="button" className="think" aria-expanded={open} aria-controls={id} onClick={() => setChosen(!open)}>
        <Icon name="brain" size={14} />
        <span>
          {thinking ? (
            t("chat.thread.thinking")
          ) : durationMs === null ? (
            t("chat.thread.thought")
          ) : (
            <Trans
              i18nKey="chat.thread.thoughtFor"
              values={{ duration: format.duration(durationMs) }}
              components={{ b: <b className="med" /> }}
            />
          )}
        </span>
        {tokens > 0 && <span className="ink3">{t("chat.thread.reasoningTokens", { count: tokens })}</span>}
        <Icon name={open ? "chevron-up" : "chevron-down"} size={12} />
      </button>
      {open && (
        <div id={id} className="think-body" lang={languageTag(text)}>
          {text}
        </div>
      )}
    </div>
  );
}
