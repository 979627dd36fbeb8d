import type { Retrieval } from "@deskside/contract";
import { useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { Icon } from "../../../primitives/index.ts";

/** How the passages were found: everything the search brought, its scores, and why something was left out. */
export function RetrievalReport({ retrieval }: { retrieval: Retrieval }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  return (
    <div className="col g8">
      <button type="button" className="link row g4 t12" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? "chevron-down" : "chevron-right"} size={12} />
        {t("chat.grounding.report")}
      </button>
      {open && (
        <>
          {retrieval.rewritten !== null && (
            <p className="t12 ink2">{t("chat.grounding.rewritten", { question: retrieval.rewritten })}</p>
          )}
          <dl className="kv t12">
            <dt>{t("chat.grounding.fullText")}</dt>
            <dd>{t(`chat.grounding.modes.${retrieval.fullText}`)}</dd>
            <dt>{t("chat.grounding.vectors")}</dt>
            <dd>{t(`chat.grounding.modes.${retrieval.vectors}`)}</dd>
            <dt>{t("chat.grounding.evidence")}</dt>
            <dd>
              {t("chat.grounding.evidenceOf", {
                score: score(retrieval.evidence.score),
                needed: score(retrieval.evidence.needed),
              })}
            </dd>
          </dl>
          <Hits retrieval={retrieval} />
        </>
      )}
    </div>
  );
}

const score = (value: number | null): string => (value === null ? "–" : value.toFixed(2));

function Hits({ retrieval }: { retrieval: Retrieval }) {
  const { t } = useText();
  return (
    <table className="retrieval-hits t12">
      <thead>
        <tr>
          <th>{t("chat.grounding.passage")}</th>
          <th className="r">{t("chat.grounding.words")}</th>
          <th className="r">{t("chat.grounding.meaning")}</th>
          <th className="r">{t("chat.grounding.score")}</th>
        </tr>
      </thead>
      <tbody>
        {retrieval.hits.map((hit) => (
          <tr key={hit.passageId} className={hit.source === null ? "ink3" : ""}>
            <td>
              <span className="retrieval-name" title={hit.text}>
                {hit.source !== null && <span className="cite">{hit.source}</span>}{" "}
                {hit.page === null
                  ? hit.document
                  : t("chat.grounding.place", { document: hit.document, page: hit.page })}
              </span>
              {hit.leftOut !== null && <span className="ink3"> {t(`chat.grounding.leftOut.${hit.leftOut}`)}</span>}
            </td>
            <td className="r num">{score(hit.fullText)}</td>
            <td className="r num">{score(hit.vector)}</td>
            <td className="r num">{score(hit.score)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
