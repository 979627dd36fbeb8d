import type { MessageStats } from "@deskside/contract";
import { Trans } from "react-i18next";
import { useText } from "../../../i18n/use-text.ts";

const bold = { b: <b /> };

/** Speed, time to the first token and length of an answer; what was not measured is left out. */
export function AnswerMeter({ stats, onShowDetails }: { stats: MessageStats; onShowDetails: (() => void) | null }) {
  const { t, format } = useText();
  const { tokensPerSecond, firstTokenMs, outputTokens } = stats;
  const figures = (
    <>
      {tokensPerSecond !== null && (
        <span>
          <Trans
            i18nKey="chat.thread.speed"
            values={{ value: format.speedFigure(tokensPerSecond) }}
            components={bold}
          />
        </span>
      )}
      {firstTokenMs !== null && (
        <span>
          <Trans i18nKey="chat.thread.firstToken" values={{ value: format.duration(firstTokenMs) }} components={bold} />
        </span>
      )}
      <span className="hide-sm">
        <Trans
          i18nKey="chat.thread.tokens"
          count={outputTokens}
          values={{ value: format.integer(outputTokens) }}
          components={bold}
        />
      </span>
    </>
  );
  if (!onShowDetails) return <span className="meter">{figures}</span>;
  return (
    <button type="button" className="meter" title={t("chat.inspector.show")} onClick={onShowDetails}>
      {figures}
    </button>
  );
}
