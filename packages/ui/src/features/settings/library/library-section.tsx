import { settingSchemas } from "@deskside/contract";
import { useState } from "react";
import { useHubs } from "../../../app/data/use-library.ts";
import { useSetSetting, useSettings } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { classNames, SelectField } from "../../../primitives/index.ts";
import { Panel, type SettingControl, SettingRow } from "../setting-row.tsx";
import { EmbeddingRow } from "./embedding-row.tsx";
import { HoursRow } from "./hours-row.tsx";
import { TeamServerPanel } from "./team-server-panel.tsx";
import { TextListSetting } from "./text-list-setting.tsx";
import "./library-section.css";

/** Where models come from, where they are kept, and how fast they may be fetched. */
export function LibrarySection() {
  const { t } = useText();
  const hubs = useHubs().data ?? [];
  const isAddress = (typed: string) => URL.canParse(typed) && /^https?:$/.test(new URL(typed).protocol);
  const knownIds = hubs.filter(({ configured }) => !configured).map(({ id }) => id);
  return (
    <>
      <Panel title={t("library.model.source")}>
        <HubRow />
        <TextListSetting
          settingKey="library.mirrors"
          words="mirrors"
          known={knownIds}
          problemOf={(typed) => (isAddress(typed) || knownIds.includes(typed) ? null : t("library.settings.hub.bad"))}
        />
        <TextListSetting settingKey="library.privateFileHosts" words="privateHosts" problemOf={() => null} />
      </Panel>
      <Panel title={t("library.tabs.downloads")}>
        <LimitRow />
        <ParallelRow />
        <HoursRow />
      </Panel>
      <Panel title={t("library.tabs.installed")}>
        <TextListSetting
          settingKey="library.folders"
          words="folders"
          problemOf={(typed) => (/^(\/|[A-Za-z]:[\\/]|\\\\)/.test(typed) ? null : t("library.settings.folders.bad"))}
        />
        <TextListSetting
          settingKey="library.trustedBundles"
          words="trustedBundles"
          problemOf={(typed) =>
            settingSchemas["library.trustedBundles"].safeParse([typed]).success
              ? null
              : t("library.settings.trustedBundles.bad")
          }
        />
        <KeepWarmRow />
        <EmbeddingRow />
      </Panel>
      <TeamServerPanel />
    </>
  );
}

const brought = ["https://hf-mirror.com"] as const;
type HubChoice = "default" | (typeof brought)[number] | "custom";

function HubRow() {
  const { t } = useText();
  const value = useSettings()["library.hubUrl"];
  const set = useSetSetting();
  const known = brought.find((address) => address === value);
  const [custom, setCustom] = useState(false);
  const choice: HubChoice = custom ? "custom" : value === null ? "default" : (known ?? "custom");
  return (
    <SettingRow settingKey="library.hubUrl" name={t("library.settings.hub.name")} help={t("library.settings.hub.help")}>
      {(control) => (
        <div className="text-list">
          <SelectField<HubChoice>
            {...control}
            value={choice}
            options={[
              { value: "default", label: "huggingface.co" },
              ...brought.map((address) => ({ value: address, label: new URL(address).host })),
              { value: "custom", label: t("library.settings.hub.custom") },
            ]}
            onChange={(next) => {
              setCustom(next === "custom");
              if (next !== "custom") set("library.hubUrl", next === "default" ? null : next);
            }}
          />
          {choice === "custom" && <HubAddress key={value} control={control} start={value ?? ""} />}
        </div>
      )}
    </SettingRow>
  );
}

function HubAddress({ control, start }: { control: SettingControl; start: string }) {
  const { t } = useText();
  const set = useSetSetting();
  const [typed, setTyped] = useState(start);
  const parsed = settingSchemas["library.hubUrl"].safeParse(typed.trim() === "" ? null : typed.trim());
  const commit = () => {
    if (parsed.success && typed.trim() !== start) set("library.hubUrl", parsed.data);
  };
  return (
    <>
      <span className={classNames("field sm", !parsed.success && "bad")}>
        <input
          className="grow mono"
          type="url"
          aria-label={t("library.settings.hub.address")}
          aria-invalid={!parsed.success || undefined}
          placeholder="https://"
          value={typed}
          disabled={control.disabled}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === "Enter" && commit()}
        />
      </span>
      {!parsed.success && (
        <span className="help bad" role="alert">
          {t("library.settings.hub.bad")}
        </span>
      )}
    </>
  );
}

const limits = [500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000] as const;

function LimitRow() {
  const { t, format } = useText();
  const value = useSettings()["library.bytesPerSecond"];
  const set = useSetSetting();
  const offered = [...new Set([...limits, ...(value === null ? [] : [value])])].sort((a, b) => a - b);
  return (
    <SettingRow
      settingKey="library.bytesPerSecond"
      name={t("library.settings.limit.name")}
      help={t("library.settings.limit.help")}
    >
      {(control) => (
        <SelectField<number | null>
          {...control}
          width={180}
          value={value}
          options={[
            { value: null, label: t("library.settings.limit.none") },
            ...offered.map((rate) => ({ value: rate, label: format.rate(rate) })),
          ]}
          onChange={(next) => set("library.bytesPerSecond", next)}
        />
      )}
    </SettingRow>
  );
}

const parallel = [1, 2, 3, 4, 5, 6, 7, 8] as const;

function ParallelRow() {
  const { t, format } = useText();
  const value = useSettings()["library.parallelDownloads"];
  const set = useSetSetting();
  return (
    <SettingRow
      settingKey="library.parallelDownloads"
      name={t("library.settings.parallel.name")}
      help={t("library.settings.parallel.help")}
    >
      {(control) => (
        <SelectField<number>
          {...control}
          width={100}
          value={value}
          options={parallel.map((count) => ({ value: count, label: format.integer(count) }))}
          onChange={(next) => set("library.parallelDownloads", next)}
        />
      )}
    </SettingRow>
  );
}

const minutes = [5, 15, 30, 60, 240] as const;

function KeepWarmRow() {
  const { t, format } = useText();
  const value = useSettings()["library.keepWarmMinutes"];
  const set = useSetSetting();
  const offered = [...new Set([...minutes, ...(value === null ? [] : [value])])].sort((a, b) => a - b);
  return (
    <SettingRow
      settingKey="library.keepWarmMinutes"
      name={t("library.settings.keepWarm.name")}
      help={t("library.settings.keepWarm.help")}
    >
      {(control) => (
        <SelectField<number | null>
          {...control}
          width={180}
          value={value}
          options={[
            { value: null, label: t("library.settings.keepWarm.never") },
            ...offered.map((span) => ({ value: span, label: format.span(span * 60_000) })),
          ]}
          onChange={(next) => set("library.keepWarmMinutes", next)}
        />
      )}
    </SettingRow>
  );
}
