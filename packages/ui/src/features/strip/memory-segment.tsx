import { useEngineStore, useTelemetryStore } from "../../app/client-context.tsx";
import { selectLeadEngine } from "../../app/state/engine-store.ts";
import { useText } from "../../i18n/use-text.ts";
import { FitBar } from "../../primitives/index.ts";
import { barWords, predictedUsed } from "../hardware/memory-words.ts";
import { addShares, type DeviceShares, shareRam, shareVram } from "./memory.ts";
import { PopoverHead, PopoverSegment } from "./segment.tsx";

/** The memory that limits the model: that of the cards, else RAM. */
export function MemorySegment() {
  const text = useText();
  const { t, format } = text;
  const telemetry = useTelemetryStore((state) => state.latest);
  const sample = useTelemetryStore((state) => state.sample);
  const shares = addShares(shareVram(sample)) ?? shareRam(telemetry, sample);
  if (!shares) return null;
  return (
    <PopoverSegment popoverLabel={t("shell.memory.title")} width={340} popover={<MemoryPopover />}>
      <span className="k">{t(`shell.strip.${shares.kind}`)}</span>
      <FitBar parts={shares} totalBytes={shares.total} label={barWords(shares, shares.total, text)} />
      <span>
        <b>{format.gigabytes(shares.used)}</b> / {format.gigabytes(shares.total)} GB
      </span>
      <SpilledToRam />
    </PopoverSegment>
  );
}

/** What of the model lies in RAM although a card is used: it sets the speed. */
function SpilledToRam() {
  const { t, format } = useText();
  const bytes = useEngineStore((state) => {
    const engine = selectLeadEngine(state);
    const plan = engine?.plan;
    if (!plan || plan.api === "none" || plan.gpuLayers === 0 || plan.gpuLayers >= plan.totalLayers) return null;
    const ram = (engine.measured ?? engine.predicted)?.devices.find(({ name }) => name === "RAM");
    return ram ? ram.weightsBytes + ram.kvBytes : null;
  });
  if (bytes === null || bytes <= 0) return null;
  return <span className="warn mid">{t("shell.strip.inRam", { bytes: format.bytes(bytes) })}</span>;
}

function MemoryPopover() {
  const { t, format } = useText();
  const telemetry = useTelemetryStore((state) => state.latest);
  const sample = useTelemetryStore((state) => state.sample);
  const ram = shareRam(telemetry, sample);
  const devices = [...shareVram(sample), ...(ram ? [ram] : [])];
  const deskside = sample?.memory.desksideBytes ?? telemetry?.desksideBytes;
  if (devices.length === 0) return <p className="pb ink3">{t("shell.memory.noReading")}</p>;
  return (
    <>
      <PopoverHead title={t("shell.memory.title")} />
      <div className="pop-scroll">
        {devices.map((device) => (
          <DeviceMemory key={device.id} device={device} titled={devices.length > 1} />
        ))}
      </div>
      <div className="pb pop-top col g4 t12 ink3">
        <LastLoad />
        {deskside !== undefined && (
          <span title={format.exactBytes(deskside)}>
            {t("shell.memory.deskside")} {format.bytes(deskside)}
          </span>
        )}
        <span>{t("shell.memory.exact")}</span>
      </div>
    </>
  );
}

function LastLoad() {
  const text = useText();
  const engine = useEngineStore(selectLeadEngine);
  const words = engine && predictedUsed(engine.predicted, engine.measured, text);
  if (!words) return null;
  return (
    <span>
      {text.t("shell.memory.prediction")}: {words}
    </span>
  );
}

const colors = {
  weights: "var(--mem-weights)",
  kv: "var(--mem-kv)",
  buffer: "var(--mem-buffer)",
  other: "var(--mem-other)",
} as const;

function DeviceMemory({ device, titled }: { device: DeviceShares; titled: boolean }) {
  const text = useText();
  const { t, format } = text;
  const title =
    device.kind === "ram" ? t("shell.memory.system") : t("shell.memory.video", { name: device.name ?? device.id });
  const parts = (["weights", "kv", "buffer", "other"] as const).filter((part) => device[part] > 0);
  const rows = [
    ...parts.map((part) => ({ name: t(`hardware.bar.${part}`), bytes: device[part], color: colors[part] })),
    { name: t("shell.memory.free"), bytes: device.free, color: "var(--track)" },
    { name: t("shell.memory.total"), bytes: device.total, color: "transparent" },
  ];
  return (
    <div className="pb col g8">
      {titled && <div className="label">{title}</div>}
      <FitBar
        size="lg"
        ground="raised"
        parts={device}
        totalBytes={device.total}
        label={barWords(device, device.total, text)}
      />
      <dl className="kv">
        {rows.map((row) => (
          <div key={row.name} className="kv-row">
            <dt className="row g6">
              <i className="swatch" style={{ background: row.color }} />
              {row.name}
            </dt>
            <dd title={format.exactBytes(row.bytes)}>{format.bytes(row.bytes)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
