import { useSystemInfo } from "../../app/data/use-system.ts";
import { unknown } from "../../format/formats.ts";
import { useText } from "../../i18n/use-text.ts";
import { Badge, Icon, type IconName } from "../../primitives/index.ts";
import { CopyButton } from "./copy-button.tsx";
import { Panel, Row } from "./setting-row.tsx";

export function SecuritySection() {
  const { t } = useText();
  const info = useSystemInfo();
  return (
    <>
      <Panel>
        <Row name={t("settings.security.encryption")} help={t("settings.security.encryptionHelp")}>
          {info?.encryption === "key-on-this-computer" ? (
            <Badge tone="ok" icon="lock">
              {t("settings.security.encryptionValue")}
            </Badge>
          ) : (
            unknown
          )}
        </Row>
      </Panel>
      <p className="help">{t("settings.security.later")}</p>
    </>
  );
}

export function StorageSection() {
  const { t } = useText();
  const info = useSystemInfo();
  return (
    <>
      <Panel>
        <Row name={t("settings.storage.folder")} help={t("settings.storage.folderHelp")}>
          <span className="mono path">{info?.dataDir ?? unknown}</span>
          {info && <CopyButton text={info.dataDir} label={t("settings.storage.copyPath")} />}
        </Row>
        <Row name={t("settings.storage.trash")} help={t("settings.storage.trashHelp")}>
          {null}
        </Row>
      </Panel>
      <p className="help">{t("settings.storage.later")}</p>
    </>
  );
}

export function ApiSection() {
  const { t } = useText();
  return <Later icon="server" headline={t("settings.api.headline")} body={t("settings.api.body")} />;
}

export function ProvidersSection() {
  const { t } = useText();
  return <Later icon="cloud" headline={t("settings.providers.headline")} body={t("settings.providers.body")} />;
}

function Later({ icon, headline, body }: { icon: IconName; headline: string; body: string }) {
  return (
    <div className="state neutral">
      <span className="ico">
        <Icon name={icon} size={24} />
      </span>
      <div>
        <div className="t16 sb">{headline}</div>
        <div className="ink2">{body}</div>
      </div>
    </div>
  );
}
