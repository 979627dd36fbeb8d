import { useState } from "react";
import { useNavigationStore } from "../../app/client-context.tsx";
import { formatRoute } from "../../app/routes.ts";
import { useSettingEntries } from "../../app/use-settings.ts";
import { useText } from "../../i18n/use-text.ts";
import { useShortcutKeys } from "../../keyboard/use-shortcuts.ts";
import { classNames, Icon, SearchField } from "../../primitives/index.ts";
import { searchSettings, sectionIcons, settingsSectionOf, settingsSections } from "./settings-index.ts";

export function SettingsList({ id }: { id: string | null }) {
  const { t } = useText();
  const keys = useShortcutKeys();
  const [query, setQuery] = useState("");
  const locked = useSettingEntries()?.some((entry) => entry.locked) ?? false;
  return (
    <>
      <div className="head bare-head">
        <h2>{t("shell.sections.settings")}</h2>
      </div>
      <div className="list-search">
        <SearchField
          label={t("settings.search")}
          value={query}
          onChange={setQuery}
          shortcut={keys("focusSearch")}
          clearLabel={t("common.clearSearch")}
        />
      </div>
      <nav className="scroll list-body" aria-label={t("shell.sections.settings")}>
        {query.trim() === "" ? <SectionLinks id={id} /> : <Hits query={query} />}
      </nav>
      {locked && (
        <div className="lock-note t12 ink3">
          {t("settings.lockedNote")} <Icon name="lock" size={12} />
        </div>
      )}
    </>
  );
}

function SectionLinks({ id }: { id: string | null }) {
  const { t } = useText();
  const current = settingsSectionOf(id);
  return settingsSections.map((section) => (
    <a
      key={section}
      className={classNames("li tall", section === current && "on")}
      href={formatRoute({ section: "settings", id: section })}
      aria-current={section === current ? "page" : undefined}
    >
      <Icon name={sectionIcons[section]} />
      <span className="grow clip">{t(`settings.sections.${section}`)}</span>
    </a>
  ));
}

function Hits({ query }: { query: string }) {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const hits = searchSettings(query, t);
  if (hits.length === 0) return <p className="ink3 pad8">{t("common.nothingFound", { query: query.trim() })}</p>;
  return hits.map((hit) => (
    <button
      key={`${hit.section}/${hit.key}`}
      type="button"
      className="li tall"
      onClick={() => {
        open({ section: "settings", id: hit.section });
        if (hit.key !== null) showSetting(hit.key);
      }}
    >
      <Icon name={sectionIcons[hit.section]} />
      <span className="grow clip">{hit.label}</span>
      {hit.key !== null && <span className="meta">{t(`settings.sections.${hit.section}`)}</span>}
    </button>
  ));
}

/** The page may have to be drawn first. */
function showSetting(key: string, tries = 20): void {
  const row = document.getElementById(`setting-${key}`);
  if (row) {
    row.scrollIntoView({ block: "center" });
    row.querySelector<HTMLElement>("button, input, [role=switch], [tabindex='0']")?.focus();
    return;
  }
  if (tries > 0) requestAnimationFrame(() => showSetting(key, tries - 1));
}
