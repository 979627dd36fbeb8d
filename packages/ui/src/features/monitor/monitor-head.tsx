import { type MonitorRange, monitorRanges } from "@deskside/contract";
import { useMutation } from "@tanstack/react-query";
import { useContext } from "react";
import { useStore } from "zustand";
import { useClient } from "../../app/client-context.tsx";
import { useErrorToast } from "../../app/use-error-toast.ts";
import { useText } from "../../i18n/use-text.ts";
import { IconButton, Menu, Segmented } from "../../primitives/index.ts";
import { CursorContext } from "./charts/cursor-store.ts";
import { saveText } from "../../app/save-text.ts";

export interface MonitorTools {
  readonly range: MonitorRange;
  readonly setRange: (range: MonitorRange) => void;
  readonly paused: boolean;
  readonly setPaused: (paused: boolean) => void;
  readonly asTable: boolean;
  readonly setAsTable: (asTable: boolean) => void;
}

/** Range, pause, table and export: for all charts at once. */
export function MonitorToolbar({ range, setRange, paused, setPaused, asTable, setAsTable }: MonitorTools) {
  const { t } = useText();
  return (
    <>
      <Segmented
        label={t("monitor.range.label")}
        value={range}
        options={monitorRanges.map((value) => ({ value, label: t(`monitor.range.${value}`) }))}
        onChange={setRange}
      />
      <IconButton
        icon={paused ? "play" : "pause"}
        label={t(paused ? "monitor.resume" : "monitor.pause")}
        pressed={paused}
        onClick={() => setPaused(!paused)}
      />
      <IconButton
        icon="table"
        label={t(asTable ? "monitor.hideTable" : "monitor.showTable")}
        pressed={asTable}
        onClick={() => setAsTable(!asTable)}
      />
      <ExportMenu range={range} />
    </>
  );
}

/** The moment that the readings belong to, while somebody points at one. */
export function CursorTime({ times }: { times: readonly number[] }) {
  const { t, format } = useText();
  const row = useStore(useContext(CursorContext), (state) => state.row);
  const at = row === null ? undefined : times[row];
  if (at === undefined) return null;
  return (
    <span className="t12 ink3 nowrap hide-sm">{t("monitor.readingsAt", { time: format.timeWithSeconds(at) })}</span>
  );
}

function ExportMenu({ range }: { range: MonitorRange }) {
  const { t } = useText();
  const client = useClient();
  const showError = useErrorToast();
  const { mutate } = useMutation({
    mutationFn: (format: "csv" | "json") => client.monitor.export({ range, format }),
    onSuccess: ({ fileName, text }, format) =>
      saveText(fileName, text, format === "csv" ? "text/csv" : "application/json"),
    onError: showError,
  });
  return (
    <Menu
      align="end"
      trigger={<IconButton icon="upload" label={t("monitor.export")} />}
      items={[
        { label: t("monitor.exportCsv"), icon: "table", onSelect: () => mutate("csv") },
        { label: t("monitor.exportJson"), icon: "code", onSelect: () => mutate("json") },
      ]}
    />
  );
}
