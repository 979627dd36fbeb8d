import type { ReactNode } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { Tooltip } from "../../../primitives/index.ts";

/** A number, date or name that stands in no passage. */
export function MissingWords({ children }: { children: ReactNode }) {
  const { t } = useText();
  return (
    <Tooltip text={t("chat.grounding.missing")}>
      <span className="cite-missing" tabIndex={0}>
        {children}
        <span className="sr"> ({t("chat.grounding.missing")})</span>
      </span>
    </Tooltip>
  );
}

/** Behind a statement that nothing supports. */
export function UnsupportedChip() {
  const { t } = useText();
  return (
    <Tooltip text={t("chat.grounding.unsupportedHint")}>
      <span className="cite-none" tabIndex={0}>
        {t("chat.grounding.unsupported")}
      </span>
    </Tooltip>
  );
}
