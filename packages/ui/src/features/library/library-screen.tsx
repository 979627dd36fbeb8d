import { useCatalogue } from "../../app/data/use-library.ts";
import { describeError, toErrorData } from "../../i18n/describe-error.ts";
import { useText } from "../../i18n/use-text.ts";
import { EmptyView } from "../frame/empty-view.tsx";
import { FitLegend, RecommendationSection } from "../hardware/recommendation-table.tsx";
import { DiscoverList } from "./discover/discover-list.tsx";
import { ModelDetail } from "./discover/model-detail.tsx";
import { RepoDetail } from "./discover/repo-detail.tsx";
import { DownloadsScreen } from "./downloads/downloads-screen.tsx";
import { GetRecommended } from "./get-recommended.tsx";
import { InstalledScreen } from "./installed/installed-screen.tsx";
import "./library.css";
import { libraryPlace } from "./library-routes.ts";
import { LibraryTabs } from "./library-tabs.tsx";

/** The list pane; only Discover has one. */
export function LibraryList({ id }: { id: string | null }) {
  return <DiscoverList id={id} />;
}

export function LibraryScreen({ id }: { id: string | null }) {
  const place = libraryPlace(id);
  if (place.tab === "installed") return <InstalledScreen />;
  if (place.tab === "downloads") return <DownloadsScreen />;
  if (place.repo !== null) return <RepoDetail key={place.repo} repo={place.repo} />;
  return <Discover entryId={place.entryId} />;
}

/** The chosen entry; before anything was chosen, what runs best here. */
function Discover({ entryId }: { entryId: string | null }) {
  const text = useText();
  const { t } = text;
  const { data: page, error } = useCatalogue();
  const entry = page?.entries.find(({ id }) => id === entryId) ?? null;
  if (entry) return <ModelDetail key={entry.id} entry={entry} />;
  return (
    <>
      <div className="head">
        <h1>{t("shell.library.title")}</h1>
        <span className="lib-narrow">
          <LibraryTabs current="discover" />
        </span>
      </div>
      <div className="scroll">
        {page === null && error !== null && (
          <EmptyView
            icon="library"
            title={t("library.discover.failed")}
            body={describeError(toErrorData(error), text).body}
          />
        )}
        {page && entryId !== null && (
          <EmptyView icon="library" title={t("library.model.gone")} body={t("library.discover.pickBody")} />
        )}
        {page?.total === 0 && (
          <EmptyView icon="library" title={t("library.discover.empty")} body={t("library.discover.emptyBody")} />
        )}
        {entryId === null && page?.total !== 0 && error === null && (
          <div className="lbody">
            <RecommendationSection action={(recommendation) => <GetRecommended recommendation={recommendation} />} />
            <FitLegend />
            <p className="help">{t("library.discover.pickBody")}</p>
          </div>
        )}
      </div>
    </>
  );
}
