import type { SystemInfo } from "@deskside/contract";
import { useModels } from "../../app/data/use-models.ts";
import { useSystemInfo } from "../../app/data/use-system.ts";
import { useText } from "../../i18n/use-text.ts";
import { Badge } from "../../primitives/index.ts";
import { Mark } from "../frame/mark.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Panel, Row } from "./setting-row.tsx";

export function AboutSection() {
  const { t, format } = useText();
  const info = useSystemInfo();
  if (!info) return null;
  return (
    <>
      <div className="state neutral">
        <Mark size={40} />
        <div>
          <div className="t16 sb">{t("common.product")}</div>
          <div className="ink2">{t("settings.about.tagline")}</div>
        </div>
        <div className="nums">
          <div>
            <b>{info.versions.deskside}</b>
            <span className="label">{t("settings.about.version")}</span>
          </div>
        </div>
      </div>
      <Panel
        title={t("settings.about.versions")}
        actions={<CopyButton text={versionsText(info)} label={t("settings.about.copyVersions")} />}
      >
        <Row name={t("settings.about.engineLibrary")}>node-llama-cpp {info.versions.engineLibrary}</Row>
        <Row name={t("settings.about.database")}>SQLite {info.versions.sqlite}</Row>
        <Row name={t("settings.about.runtime")}>Node {info.versions.node}</Row>
        <Row name={t("settings.about.desktop")}>
          {info.versions.electron === null ? t("settings.about.desktopNone") : `Electron ${info.versions.electron}`}
        </Row>
        <Row name={t("settings.about.system")}>
          {info.platform} {info.arch}
        </Row>
        <Row name={t("settings.about.machine")}>
          {[info.machine.cpu, format.bytes(info.machine.memoryBytes)].join(t("common.comma"))}
        </Row>
      </Panel>
      <Panel title={t("settings.about.data")}>
        <Row name={t("settings.storage.folder")} help={t("settings.storage.folderHelp")}>
          <span className="mono path">{info.dataDir}</span>
          <CopyButton text={info.dataDir} label={t("settings.storage.copyPath")} />
        </Row>
        <Row name={t("settings.security.encryption")} help={t("settings.security.encryptionHelp")}>
          <Badge tone="ok" icon="lock">
            {t("settings.security.encryptionValue")}
          </Badge>
        </Row>
      </Panel>
      <Licences />
    </>
  );
}

function Licences() {
  const { t } = useText();
  const models = useModels() ?? [];
  return (
    <section>
      <h2>{t("settings.about.licences")}</h2>
      <p className="ink2 below8">{t("settings.about.licencesBody")}</p>
      <div className="panel">
        {models.map((model) => (
          <Row key={model.id} name={model.name}>
            {model.licence}
          </Row>
        ))}
      </div>
    </section>
  );
}

function versionsText(info: SystemInfo): string {
  const { deskside, engineLibrary, sqlite, node, electron } = info.versions;
  return [
    `Deskside ${deskside}`,
    `node-llama-cpp ${engineLibrary}`,
    `SQLite ${sqlite}`,
    `Node ${node}`,
    ...(electron === null ? [] : [`Electron ${electron}`]),
    `${info.platform} ${info.arch}`,
    info.machine.cpu,
  ].join("\n");
}
