import { settingSchemas } from "@deskside/contract";
import { useState } from "react";
import { useSetSetting, useSettings } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { classNames, Segmented } from "../../../primitives/index.ts";
import { Panel, Row, type SettingControl, SettingRow } from "../setting-row.tsx";
import { HubTokensPanel } from "./hub-tokens-panel.tsx";

/** How requests that were allowed find their way out. */
export function NetworkSection() {
  const { t } = useText();
  return (
    <>
      <Panel>
        <ProxyRow />
        <Row name={t("settings.network.certificates.name")} help={t("settings.network.certificates.help")}>
          {null}
        </Row>
      </Panel>
      <HubTokensPanel />
      <p className="help">{t("settings.network.names")}</p>
    </>
  );
}

type ProxyChoice = "environment" | "none" | "address";

function ProxyRow() {
  const { t } = useText();
  const value = useSettings()["network.proxy"];
  const set = useSetSetting();
  const [typing, setTyping] = useState(false);
  const stored: ProxyChoice = value === null ? "environment" : value === "none" ? "none" : "address";
  const choice = typing ? "address" : stored;
  return (
    <SettingRow
      settingKey="network.proxy"
      name={t("settings.network.proxy.name")}
      help={t("settings.network.proxy.help")}
    >
      {(control) => (
        <div className="text-list">
          <Segmented<ProxyChoice>
            {...control}
            value={choice}
            options={(["environment", "none", "address"] as const).map((each) => ({
              value: each,
              label: t(`settings.network.proxy.${each}`),
            }))}
            onChange={(next) => {
              setTyping(next === "address");
              if (next !== "address") set("network.proxy", next === "none" ? "none" : null);
            }}
          />
          {choice === "address" && (
            <ProxyAddress key={value} control={control} start={stored === "address" ? (value ?? "") : ""} />
          )}
        </div>
      )}
    </SettingRow>
  );
}

function ProxyAddress({ control, start }: { control: SettingControl; start: string }) {
  const { t } = useText();
  const set = useSetSetting();
  const [typed, setTyped] = useState(start);
  const text = typed.trim();
  const parsed = settingSchemas["network.proxy"].safeParse(text);
  const bad = text !== "" && (!parsed.success || parsed.data === "none");
  const commit = () => {
    if (!bad && text !== "" && text !== start && parsed.success) set("network.proxy", parsed.data);
  };
  return (
    <>
      <span className={classNames("field sm", bad && "bad")}>
        <input
          className="grow mono"
          type="url"
          autoComplete="off"
          aria-label={t("settings.network.proxy.addressLabel")}
          aria-describedby={control.describedBy}
          aria-invalid={bad || undefined}
          placeholder="http://proxy.example:3128"
          value={typed}
          disabled={control.disabled}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === "Enter" && commit()}
        />
      </span>
      {bad && (
        <span className="help bad" role="alert">
          {t("settings.network.proxy.bad")}
        </span>
      )}
    </>
  );
}
