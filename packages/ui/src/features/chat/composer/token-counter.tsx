import type { PromptCount } from "@deskside/contract";
import { useText } from "../../../i18n/use-text.ts";
import { classNames, Tooltip } from "../../../primitives/index.ts";
import { judgeCount } from "../hooks/use-prompt-count.ts";

/** Tokens of the next prompt, of what the context holds. Nothing while it cannot be counted. */
export function TokenCounter({ count }: { count: PromptCount | null }) {
  const { t, format } = useText();
  if (!count) return <span className="end" />;
  const { level } = judgeCount(count);
  const label = t("chat.composer.tokensLabel", {
    used: format.integer(count.used),
    size: format.integer(count.contextSize),
  });
  return (
    <Tooltip text={t("chat.composer.tokens")} side="top">
      <span
        className={classNames("end t12 nowrap counter", level === "ok" ? "ink3" : level)}
        role="note"
        aria-label={label}
      >
        {format.compact(count.used)} / {format.compact(count.contextSize)}
      </span>
    </Tooltip>
  );
}
