import { formatRoute, type Section, sections } from "../../app/routes.ts";
import { useText } from "../../i18n/use-text.ts";
import { Icon, type IconName } from "../../primitives/index.ts";

const icons: Record<Section, IconName> = {
  chat: "chat",
  library: "library",
  documents: "documents",
  monitor: "monitor",
  settings: "settings",
};

/** Plain links: the address bar, the middle button and screen readers understand them. */
export function Rail({ current }: { current: Section }) {
  const { t } = useText();
  return (
    <nav className="rail" aria-label={t("shell.landmarks.sections")} data-pane="rail" tabIndex={-1}>
      {sections.map((section) => (
        <a
          key={section}
          href={formatRoute({ section, id: null })}
          aria-current={section === current ? "page" : undefined}
          title={t(`shell.sections.${section}`)}
        >
          <Icon name={icons[section]} size={20} />
          <span>{t(`shell.sections.${section}`)}</span>
        </a>
      ))}
    </nav>
  );
}
