import type { EgressEntry } from "@deskside/contract";
import { useText } from "../../i18n/use-text.ts";
import { Icon, type IconName } from "../../primitives/index.ts";

const look: Record<EgressEntry["result"], { icon: IconName; className: string }> = {
  open: { icon: "shield-dot", className: "info" },
  ok: { icon: "check", className: "ok" },
  blocked: { icon: "shield-x", className: "danger" },
  failed: { icon: "circle-x", className: "warn" },
};

/** The short form in the strip's popover: what, why, how much, when. */
export function EgressShortTable({ entries }: { entries: readonly EgressEntry[] }) {
  const { t, format } = useText();
  return (
    <table className="tb">
      <thead>
        <tr>
          <th>
            <span className="sr">{t("shell.shield.resultHead")}</span>
          </th>
          <th>{t("shell.shield.record")}</th>
          <th className="r">{t("shell.shield.sentReceived")}</th>
          <th className="r">{t("shell.shield.when")}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <td className="egress-mark">
              <Icon name={look[entry.result].icon} size={14} className={look[entry.result].className} />
            </td>
            <td>
              <div className="med clip">
                {entry.host}:{entry.port}
              </div>
              <div className="t12 ink3 clip">
                {[entry.purpose, t(`shell.shield.result.${entry.result}`)].join(t("common.comma"))}
              </div>
            </td>
            <td className="r ink2 t12 nowrap">
              {format.fileSize(entry.sentBytes)} / {format.fileSize(entry.receivedBytes)}
            </td>
            <td className="r ink2 t12 nowrap" title={format.dateTime(entry.at)}>
              {format.moment(entry.at, Date.now())}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The full record, in Settings. */
export function EgressTable({ entries }: { entries: readonly EgressEntry[] }) {
  const { t, format } = useText();
  return (
    <table className="tb edge s">
      <thead>
        <tr>
          <th>{t("shell.shield.when")}</th>
          <th>{t("shell.shield.part")}</th>
          <th>{t("shell.shield.destination")}</th>
          <th>{t("shell.shield.purpose")}</th>
          <th className="r">{t("shell.shield.sentReceived")}</th>
          <th>{t("shell.shield.resultHead")}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <td className="mono ink2 nowrap" title={format.dateTime(entry.at)}>
              {format.moment(entry.at, Date.now())}
            </td>
            <td>{entry.caller}</td>
            <td>
              {entry.host}:{entry.port}
              {entry.proxy !== null && (
                <div className="t12 ink3">{t("shell.shield.through", { proxy: entry.proxy })}</div>
              )}
            </td>
            <td className="ink2">{entry.purpose}</td>
            <td className="r ink2 nowrap">
              {format.fileSize(entry.sentBytes)} / {format.fileSize(entry.receivedBytes)}
            </td>
            <td>
              <span className={`row g6 ${entry.result === "blocked" ? "danger" : "ink2"}`}>
                <Icon name={look[entry.result].icon} size={12} className={look[entry.result].className} />
                {t(`shell.shield.result.${entry.result}`)}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
