import type { Grounding } from "@deskside/contract";
import { useText } from "../../../i18n/use-text.ts";
import { Badge } from "../../../primitives/index.ts";

/** What stands behind an answer, in a word or two. */
export function VerdictBadges({ grounding }: { grounding: Grounding }) {
  const { t } = useText();
  const { verdict, statements } = grounding;
  if (verdict === "not-in-documents") {
    return (
      <div className="row g6 wrap">
        <Badge icon="search" title={t("chat.grounding.silentHint")}>
          {t("chat.grounding.silent", { count: grounding.retrieval.files })}
        </Badge>
      </div>
    );
  }
  const checked = statements.filter(({ support }) => support !== "plain");
  const cited = checked.filter(({ support }) => support === "supported").length;
  return (
    <div className="row g6 wrap">
      {verdict === "extract" && (
        <Badge icon="documents" title={t("chat.grounding.extractHint")}>
          {t("chat.grounding.extract")}
        </Badge>
      )}
      {checked.length > 0 && (
        <Badge
          tone={cited === checked.length ? "ok" : "warn"}
          icon={cited === checked.length ? "check" : "warning"}
          title={t("chat.grounding.citedHint")}
        >
          {t("chat.grounding.cited", { cited, count: checked.length })}
        </Badge>
      )}
    </div>
  );
}
