import { useState } from "react";
import { useHubSearch, useHubs } from "../../../app/data/use-library.ts";
import { formatRoute } from "../../../app/routes.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Banner, Icon } from "../../../primitives/index.ts";
import { repoRoute } from "../library-routes.ts";

/** Repositories of the first hub. Nothing is asked over the network before somebody wants it. */
export function HubHits({ query }: { query: string }) {
  const text = useText();
  const { t } = text;
  const [asked, setAsked] = useState<string | null>(null);
  const hub = useHubs().data?.[0] ?? null;
  const { data: hits, error, pending } = useHubSearch(asked === query && query !== "" ? asked : null, null);
  if (query === "" || hub === null) return null;
  const name = hostOf(hub.baseUrl);
  if (asked !== query) {
    return (
      <button
        type="button"
        className="li lib-hidden"
        title={t("library.discover.onHubHint")}
        onClick={() => setAsked(query)}
      >
        <Icon name="cloud" size={14} />
        <span className="grow clip">{t("library.discover.onHub", { query, hub: name })}</span>
      </button>
    );
  }
  return (
    <section aria-label={t("library.hub.results", { hub: name })} aria-busy={pending}>
      <div className="grp" role="heading" aria-level={3}>
        {t("library.hub.results", { hub: name })}
      </div>
      {pending && (
        <p className="ink3 pad8" role="status">
          {t("library.hub.searching", { hub: name })}
        </p>
      )}
      {error !== null && !pending && (
        <Banner tone="danger" title={describeError(toErrorData(error), text).title}>
          {describeError(toErrorData(error), text).body}
        </Banner>
      )}
      {hits?.length === 0 && !pending && <p className="ink3 pad8">{t("library.hub.none", { hub: name, query })}</p>}
      {hits?.map(({ repo, downloads, gated }) => (
        <a key={repo} className="mrow" href={formatRoute(repoRoute(repo))} title={repo}>
          <span className="n clip">{repo}</span>
          {gated ? <Badge tone="warn">{t("library.hub.gated")}</Badge> : <span />}
          {downloads !== null && <span className="s clip">{t("library.hub.downloads", { count: downloads })}</span>}
        </a>
      ))}
    </section>
  );
}

export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
