import { useTelemetryStore } from "../../app/client-context.tsx";
import { useText } from "../../i18n/use-text.ts";
import { FitBar } from "../../primitives/index.ts";
import { shareMemory } from "./memory.ts";
import { PopoverHead, PopoverSegment } from "./segment.tsx";

export function MemorySegment() {
  const { t, format } = useText();
  const telemetry = useTelemetryStore((state) => state.latest);
  if (!telemetry) return null;
  const shares = shareMemory(telemetry);
  const label = t("shell.strip.ramLabel", {
    engine: format.bytes(shares.engine),
    other: format.bytes(shares.other),
    free: format.bytes(shares.free),
    total: format.bytes(shares.total),
  });
  return (
    <PopoverSegment popoverLabel={t("shell.memory.title")} width={320} popover={<MemoryPopover />}>
      <span className="k">{t("shell.strip.ram")}</span>
      <FitBar parts={{ weights: shares.engine, other: shares.other }} totalBytes={shares.total} label={label} />
      <span>
        <b>{format.gigabytes(shares.used)}</b> / {format.gigabytes(shares.total)} GB
      </span>
    </PopoverSegment>
  );
}

function MemoryPopover() {
  const { t, format } = useText();
  const telemetry = useTelemetryStore((state) => state.latest);
  if (!telemetry) return <p className="pb ink3">{t("shell.memory.noReading")}</p>;
  const shares = shareMemory(telemetry);
  const rows = [
    { name: t("shell.memory.engine"), bytes: telemetry.engineBytes, color: "var(--mem-weights)" },
    { name: t("shell.memory.deskside"), bytes: telemetry.desksideBytes, color: null },
    { name: t("shell.memory.other"), bytes: shares.other, color: "var(--mem-other)" },
    { name: t("shell.memory.free"), bytes: shares.free, color: "var(--track)" },
    { name: t("shell.memory.total"), bytes: shares.total, color: null },
  ];
  return (
    <>
      <PopoverHead title={t("shell.memory.title")} />
      <div className="pb col g12">
        <FitBar
          size="lg"
          ground="raised"
          parts={{ weights: shares.engine, other: shares.other }}
          totalBytes={shares.total}
          label={t("shell.memory.title")}
        />
        <dl className="kv">
          {rows.map((row) => (
            <div key={row.name} className="kv-row">
              <dt className="row g6">
                <i className="swatch" style={{ background: row.color ?? "transparent" }} />
                {row.name}
              </dt>
              <dd title={format.exactBytes(row.bytes)}>{format.bytes(row.bytes)}</dd>
            </div>
          ))}
        </dl>
        <p className="t12 ink3">
          {t("shell.memory.engineHint")}. {t("shell.memory.exact")}
        </p>
      </div>
    </>
  );
}
