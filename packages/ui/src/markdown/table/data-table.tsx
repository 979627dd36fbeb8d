import { type ReactNode, useRef } from "react";
import { useText } from "../../i18n/use-text.ts";
import { CopyButton } from "../code/code-block.tsx";
import { useCopy } from "../copy-text.ts";
import { readTable, toCsv } from "./table-csv.ts";

export function DataTable({ children }: { children: ReactNode }) {
  const { t } = useText();
  const { state, copy } = useCopy();
  const table = useRef<HTMLTableElement>(null);
  return (
    <div className="md-table">
      <div className="md-table-scroll" tabIndex={0} role="region" aria-label={t("chat.markdown.table")}>
        <table ref={table} className="tb edge dense">
          {children}
        </table>
      </div>
      <div className="md-table-acts">
        <CopyButton
          state={state}
          label={t("chat.markdown.copyCsv")}
          onCopy={() => table.current && copy(toCsv(readTable(table.current)))}
        />
      </div>
    </div>
  );
}
