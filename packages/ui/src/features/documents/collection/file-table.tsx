import type { KnowledgeDocument } from "@deskside/contract";
import { useMemo, useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { SearchField, Segmented } from "../../../primitives/index.ts";
import { FileRow } from "./file-row.tsx";
import { type FileGroup, fileGroups, groupOf } from "./file-words.ts";

/** More rows than anybody reads; the filter finds the rest. */
const mostRows = 500;

export function FileTable({ documents }: { documents: readonly KnowledgeDocument[] }) {
  const { t, format } = useText();
  const [group, setGroup] = useState<FileGroup>("all");
  const [query, setQuery] = useState("");
  const counts = useMemo(() => {
    const sums = new Map<FileGroup, number>([["all", documents.length]]);
    for (const one of documents) sums.set(groupOf(one), (sums.get(groupOf(one)) ?? 0) + 1);
    return sums;
  }, [documents]);
  const shown = documents.filter(
    (one) => (group === "all" || groupOf(one) === group) && one.path.toLowerCase().includes(query.trim().toLowerCase()),
  );
  return (
    <>
      <div className="row g8 wrap">
        <Segmented
          label={t("knowledge.show")}
          value={group}
          onChange={setGroup}
          options={fileGroups.map((value) => ({
            value,
            label: t(`knowledge.groups.${value}`),
            meta: format.integer(counts.get(value) ?? 0),
          }))}
        />
        <SearchField
          className="lib-filter"
          label={t("knowledge.filter")}
          value={query}
          onChange={setQuery}
          clearLabel={t("common.clearSearch")}
        />
      </div>
      <table className="tb doc-table">
        <thead>
          <tr>
            <th>{t("knowledge.file")}</th>
            <th>{t("knowledge.status")}</th>
            <th className="r">{t("knowledge.replaced")}</th>
            <th>
              <span className="sr">{t("knowledge.actionsColumn")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, mostRows).map((document) => (
            <FileRow key={document.id} document={document} />
          ))}
        </tbody>
      </table>
      {shown.length > mostRows && (
        <p className="t12 ink3">{t("knowledge.moreFiles", { count: shown.length - mostRows })}</p>
      )}
    </>
  );
}
