import { useEgress } from "../../app/data/use-system.ts";
import { useText } from "../../i18n/use-text.ts";
import { Badge, Icon } from "../../primitives/index.ts";
import { EgressTable } from "../strip/egress-table.tsx";
import { shieldLook, shieldWords } from "../strip/shield-segment.tsx";
import { useShield } from "../strip/use-shield.ts";
import { Panel, Row } from "./setting-row.tsx";

const stateClass = { offline: "ok", online: "info", blocked: "danger", unknown: "neutral" } as const;

export function PrivacySection() {
  const text = useText();
  const { t, format } = text;
  const { view } = useShield();
  const egress = useEgress() ?? [];
  const blocked = egress.filter((entry) => entry.result === "blocked").length;
  const figures = [
    {
      value: view.state === "unknown" ? null : view.state === "offline" ? 0 : view.count,
      label: t("settings.privacy.openNow"),
    },
    { value: egress.length - blocked, label: t("settings.privacy.made") },
    { value: blocked, label: t("settings.privacy.blocked") },
  ];
  return (
    <>
      <div className={`state ${stateClass[view.state]}`}>
        <span className="ico">
          <Icon name={shieldLook[view.state].icon} size={24} />
        </span>
        <div>
          <div className="t16 sb">{shieldWords(view, text)}</div>
          <div className="ink2">
            {view.state === "unknown" ? t(`shell.shield.unknownReason.${view.reason}`) : t("settings.privacy.state")}
          </div>
        </div>
        <div className="nums">
          {figures.map((figure) => (
            <div key={figure.label}>
              <b>{format.integer(figure.value ?? Number.NaN)}</b>
              <span className="label">{figure.label}</span>
            </div>
          ))}
        </div>
      </div>
      <section>
        <h2>{t("shell.shield.record")}</h2>
        {egress.length === 0 ? (
          <div className="panel panel-note ink3">{t("shell.shield.recordEmpty")}</div>
        ) : (
          <EgressTable entries={egress} />
        )}
        {view.state !== "unknown" && (
          <div className="help gap8">{t("shell.shield.scope", { count: view.processes })}</div>
        )}
      </section>
      <Panel>
        <Row name={t("settings.privacy.telemetry")} help={t("settings.privacy.telemetryHelp")}>
          <Badge>{t("common.none")}</Badge>
        </Row>
        <Row name={t("settings.privacy.images")} help={t("settings.privacy.imagesHelp")}>
          <Badge>{t("common.off")}</Badge>
        </Row>
      </Panel>
      <p className="help">{t("settings.privacy.later")}</p>
    </>
  );
}
