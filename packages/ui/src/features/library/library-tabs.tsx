import { useCatalogue } from "../../app/data/use-library.ts";
import { useDownloads } from "../../app/data/use-downloads.ts";
import { useModels } from "../../app/data/use-models.ts";
import { formatRoute } from "../../app/routes.ts";
import { useText } from "../../i18n/use-text.ts";
import { classNames } from "../../primitives/index.ts";
import { type LibraryTab, libraryTabs, tabRoute } from "./library-routes.ts";

/** The three parts of the library, each with how much is in it. They are places, so they are links. */
export function LibraryTabs({ current }: { current: LibraryTab }) {
  const { t, format } = useText();
  const counts: Record<LibraryTab, number | null> = {
    installed: useModels()?.length ?? null,
    discover: useCatalogue().data?.total ?? null,
    downloads: useDownloads()?.length ?? null,
  };
  return (
    <nav className="lib-tabs" aria-label={t("library.tabs.label")}>
      {libraryTabs.map((tab) => (
        <a
          key={tab}
          href={formatRoute(tabRoute(tab))}
          className={classNames(tab === current && "on")}
          aria-current={tab === current ? "page" : undefined}
        >
          {t(`library.tabs.${tab}`)}
          {counts[tab] !== null && <span className="count"> {format.integer(counts[tab])}</span>}
        </a>
      ))}
    </nav>
  );
}
