import { type GpuLink, gpuKey, type MonitorSample } from "@deskside/contract";
import type { CSSProperties } from "react";
import { useEngineStore, useTelemetryStore } from "../../../app/client-context.tsx";
import { useMachine } from "../../../app/data/use-hardware.ts";
import { selectLeadEngine } from "../../../app/state/engine-store.ts";
import { unknown } from "../../../format/formats.ts";
import { useText } from "../../../i18n/use-text.ts";
import { FitBar, Icon } from "../../../primitives/index.ts";
import { barWords } from "../../hardware/memory-words.ts";
import { shareVram } from "../../strip/memory.ts";
import { meanOf, type SeriesBuffer } from "../series/series-buffer.ts";

/** The cards of one machine: what each holds and does, and how they are connected. */
export function Topology({ buffer }: { buffer: SeriesBuffer }) {
  const { t, format } = useText();
  const sample = useTelemetryStore((state) => state.sample);
  const { data: machine } = useMachine();
  const plan = useEngineStore(selectLeadEngine)?.plan ?? null;
  if (!sample) return null;
  return (
    <>
      <section className="card topo" aria-label={t("monitor.topology.title")}>
        <div className="topo-cards">
          {sample.gpus.map((gpu, index) => (
            <GpuCard
              key={gpu.id}
              gpu={gpu}
              sample={sample}
              name={`GPU ${index}`}
              layers={plan?.devices.find(({ id }) => id === gpu.id)?.layers ?? null}
            />
          ))}
        </div>
        {machine && (
          <div className="topo-cpu">
            <Icon name="cpu" size={14} />
            <span className="med">{machine.cpu.name}</span>
            <span className="ink3">
              {t("hardware.card.cores", { count: machine.cpu.physicalCores })}
              {t("common.comma")}
              {t("hardware.card.ram", { bytes: format.bytes(machine.memory.totalBytes) })}
            </span>
          </div>
        )}
      </section>
      <div className="mon-two">
        <HeatMap buffer={buffer} />
        <Links ids={sample.gpus.map(({ id }) => id)} links={machine?.links ?? []} />
      </div>
    </>
  );
}

type GpuReading = MonitorSample["gpus"][number];

function GpuCard(props: { gpu: GpuReading; sample: MonitorSample; name: string; layers: number | null }) {
  const text = useText();
  const { t, format } = text;
  const { gpu, sample, name, layers } = props;
  const shares = shareVram(sample).find(({ id }) => id === gpu.id);
  return (
    <div className="topo-card">
      <div className="row g8">
        <span className="med" title={gpu.name}>
          {name}
        </span>
        {layers !== null && <span className="t12 ink3 end">{t("monitor.topology.layers", { count: layers })}</span>}
      </div>
      {shares && (
        <FitBar parts={shares} totalBytes={shares.total} ground="raised" label={barWords(shares, shares.total, text)} />
      )}
      <div className="topo-figures t12">
        <span>
          {shares
            ? `${format.gigabytes(shares.used)} / ${format.gigabytes(shares.total)} GB`
            : t("monitor.notReported")}
        </span>
        <span>{gpu.utilisation === null ? unknown : format.percent(gpu.utilisation / 100)}</span>
        <span>{gpu.temperature === null ? unknown : format.celsius(gpu.temperature)}</span>
        <span>{gpu.power === null ? unknown : format.watts(gpu.power)}</span>
      </div>
    </div>
  );
}

const cells = 60;

/** Utilisation by card: each cell is the mean of a part of the range, darker where it was busier. */
function HeatMap({ buffer }: { buffer: SeriesBuffer }) {
  const { t, format } = useText();
  return (
    <section className="card topo-box">
      <div className="row g12">
        <h2 className="med">{t("monitor.topology.utilisation")}</h2>
        <span className="t12 ink3">{t("monitor.topology.cells")}</span>
      </div>
      {buffer.gpus.map(({ id }, index) => {
        const column = buffer.column(gpuKey(id, "utilisation"));
        const mean = buffer.mean(gpuKey(id, "utilisation"));
        const words = mean === null ? t("monitor.notReported") : format.percent(mean / 100);
        return (
          <div className="heat" key={id}>
            <span className="ink2">GPU {index}</span>
            <span className="heat-cells" role="img" aria-label={`GPU ${index}: ${words}`}>
              {heatCells(column, cells).map((value, cell) => (
                <i key={`${id}-${String(cell)}`} style={{ "--heat": `${value ?? 0}%` } as CSSProperties} />
              ))}
            </span>
            <span className="r">{words}</span>
          </div>
        );
      })}
    </section>
  );
}

/** `count` means of equal parts, oldest first; null where nothing was read. */
export function heatCells(column: readonly (number | null)[], count: number): readonly (number | null)[] {
  return Array.from({ length: count }, (_, cell) => {
    const from = Math.floor((column.length * cell) / count);
    const to = Math.max(from + 1, Math.floor((column.length * (cell + 1)) / count));
    return meanOf(column.slice(from, to));
  });
}

function Links({ ids, links }: { ids: readonly string[]; links: readonly GpuLink[] }) {
  const { t } = useText();
  const words = (from: string, to: string) => {
    const link = links.find((one) => (one.from === from && one.to === to) || (one.from === to && one.to === from));
    if (!link) return unknown;
    if (link.kind === "nvlink" && link.links !== null) return t("monitor.topology.linkCount", { count: link.links });
    return t(`monitor.topology.link.${link.kind}`);
  };
  return (
    <section className="card topo-box">
      <h2 className="med">{t("monitor.topology.links")}</h2>
      {links.length === 0 ? (
        <p className="ink3">{t("monitor.topology.noLinks")}</p>
      ) : (
        <>
          <table className="topo-links t12">
            <thead>
              <tr>
                <td />
                {ids.map((id, index) => (
                  <th key={id} scope="col">
                    GPU {index}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {ids.map((from, index) => (
                <tr key={from}>
                  <th scope="row">GPU {index}</th>
                  {ids.map((to) => (
                    <td key={to}>{from === to ? unknown : words(from, to)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="t12 ink3">{t("monitor.topology.linksHint")}</p>
        </>
      )}
    </section>
  );
}
