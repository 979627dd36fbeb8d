import type { MessageStats } from "@deskside/contract";
import { Trans } from "react-i18next";
import { useText } from "../../../i18n/use-text.ts";

const bold = { b: <b /> };

export interface AnswerMeterProps {
  stats: MessageStats;
  /** Absent while the answer is being written: then the figures are no buttons. */
  links: { onShowDetails: () => void; onShowMoment: () => void } | null;
}

/** Speed, time to the first token and length of an answer; what was not measured is left out. */
export function AnswerMeter({ stats, links }: AnswerMeterProps) {
  const { t, format } = useText();
  const { tokensPerSecond, firstTokenMs, outputTokens } = stats;
  const speed = tokensPerSecond !== null && (
    <span>
      <Trans i18nKey="chat.thread.speed" values={{ value: format.speedFigure(tokensPerSecond) }} components={bold} />
    </span>
  );
  const figures = (
    <>
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
  if (!links) {
    return (
      <span className="meter">
        {speed}
        {figures}
      </span>
    );
  }
  return (
    <span className="meter">
      {speed && (
        <button type="button" className="meter-part" title={t("chat.thread.openMonitor")} onClick={links.onShowMoment}>
          {speed}
        </button>
      )}
      <button type="button" className="meter-part" title={t("chat.inspector.show")} onClick={links.onShowDetails}>
        {figures}
      </button>
    </span>
  );
}
