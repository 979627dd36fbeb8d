import { type CatalogueEntry, type CataloguePage, catalogueRoles } from "@deskside/contract";
import { useMemo } from "react";
import { useDiscoverStore } from "../../../app/client-context.tsx";
import { useCatalogue, useStorage } from "../../../app/data/use-library.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { useShortcutKeys } from "../../../keyboard/use-shortcuts.ts";
import { Banner, classNames, Icon, IconButton, Popover, SearchField, SelectField } from "../../../primitives/index.ts";
import { CatalogueOrigin } from "../bundle/catalogue-origin.tsx";
import { LibraryTabs } from "../library-tabs.tsx";
import { libraryPlace } from "../library-routes.ts";
import {
  type CatalogueFilter,
  type CatalogueIndex,
  createCatalogueIndex,
  everything,
  findEntries,
} from "./catalogue-index.ts";
import { CatalogueRows } from "./catalogue-rows.tsx";
import { languageWord } from "./entry-words.ts";
import { HubHits } from "./hub-hits.tsx";

const noEntries: readonly CatalogueEntry[] = [];

/** The list pane of Discover: search, filters, and what of the catalogue matches, by how it fits. */
export function DiscoverList({ id }: { id: string | null }) {
  const text = useText();
  const { t } = text;
  const keys = useShortcutKeys();
  const { data: page, error } = useCatalogue();
  const filter = useDiscoverStore((state) => state.filter);
  const { change } = useDiscoverStore((state) => state.actions);
  const index = useMemo(() => createCatalogueIndex(page?.entries ?? noEntries), [page]);
  const found = useMemo(() => findEntries(index, filter), [index, filter]);
  const place = libraryPlace(id);
  return (
    <>
      <LibraryTabs current="discover" />
      <div className="lib-search">
        <SearchField
          label={t("library.discover.search")}
          value={filter.text}
          onChange={(value) => change({ text: value })}
          shortcut={keys("focusSearch")}
          clearLabel={t("common.clearSearch")}
        />
        <FilterChips filter={filter} change={change} index={index} />
      </div>
      {error !== null && page === null && (
        <Banner tone="danger" title={t("library.discover.failed")}>
          {describeError(toErrorData(error), text).body}
        </Banner>
      )}
      <CatalogueRows
        groups={found.groups}
        currentId={place.tab === "discover" ? place.entryId : null}
        after={
          <>
            {page && found.count === 0 && <p className="ink3 pad8">{t("library.discover.none")}</p>}
            {found.hidden > 0 && (
              <button type="button" className="li lib-hidden" onClick={() => change({ runsHere: false })}>
                <Icon name="chevron-right" size={12} />
                <span className="grow clip">{t("library.discover.group.too-large")}</span>
                <span className="meta">{t("library.discover.hidden", { count: found.hidden })}</span>
              </button>
            )}
            <HubHits query={filter.text.trim()} />
          </>
        }
      />
      <DiskFoot page={page} />
      <span className="sr" role="status">
        {page ? t("library.discover.found", { count: found.count }) : ""}
      </span>
    </>
  );
}

interface FilterProps {
  filter: CatalogueFilter;
  change: (patch: Partial<CatalogueFilter>) => void;
}

function FilterChips({ filter, change, index }: FilterProps & { index: CatalogueIndex }) {
  const { t } = useText();
  const isCode = filter.role === "code";
  return (
    <div className="row g4" role="group" aria-label={t("library.discover.filters")}>
      <FilterChip on={filter.runsHere} onClick={() => change({ runsHere: !filter.runsHere })}>
        {t("library.discover.runsHere")}
      </FilterChip>
      <FilterChip on={filter.reasoning} onClick={() => change({ reasoning: !filter.reasoning })}>
        {t("library.discover.reasoning")}
      </FilterChip>
      <FilterChip on={isCode} onClick={() => change({ role: isCode ? null : "code" })}>
        {t("library.discover.code")}
      </FilterChip>
      <span className="grow" />
      <MoreFilters filter={filter} change={change} index={index} />
    </div>
  );
}

function FilterChip({ on, onClick, children }: { on: boolean; onClick: () => void; children: string }) {
  return (
    <button type="button" className={classNames("chip", on && "on")} aria-pressed={on} onClick={onClick}>
      {on && <Icon name="check" size={12} />}
      {children}
    </button>
  );
}

function MoreFilters({ filter, change, index }: FilterProps & { index: CatalogueIndex }) {
  const text = useText();
  const { t } = text;
  const any = { value: null, label: t("library.discover.any") };
  const used = filter.language !== null || filter.licence !== null || filter.role !== null;
  return (
    <Popover
      label={t("library.discover.more")}
      align="end"
      width={280}
      trigger={<IconButton icon="filter" size="xs" label={t("library.discover.more")} pressed={used} />}
    >
      <div className="lib-more">
        <FilterRow label={t("library.discover.role")}>
          <SelectField<CatalogueEntry["role"] | null>
            small
            label={t("library.discover.role")}
            value={filter.role}
            options={[any, ...catalogueRoles.map((role) => ({ value: role, label: t(`library.role.${role}`) }))]}
            onChange={(role) => change({ role })}
          />
        </FilterRow>
        <FilterRow label={t("library.discover.language")}>
          <SelectField<string | null>
            small
            label={t("library.discover.language")}
            value={filter.language}
            options={[any, ...index.languages.map((tag) => ({ value: tag, label: languageWord(tag, text) }))]}
            onChange={(language) => change({ language })}
          />
        </FilterRow>
        <FilterRow label={t("library.discover.licence")}>
          <SelectField<string | null>
            small
            label={t("library.discover.licence")}
            value={filter.licence}
            options={[any, ...index.licences.map((licence) => ({ value: licence, label: licence }))]}
            onChange={(licence) => change({ licence })}
          />
        </FilterRow>
        <button type="button" className="link t12" onClick={() => change({ ...everything, text: filter.text })}>
          {t("library.discover.clear")}
        </button>
      </div>
    </Popover>
  );
}

function FilterRow({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="row g8">
      <span className="grow ink2">{label}</span>
      {children}
    </div>
  );
}

function DiskFoot({ page }: { page: CataloguePage | null }) {
  const { t, format } = useText();
  const { data: storage } = useStorage();
  const used = storage?.folders.reduce((sum, { modelBytes }) => sum + modelBytes, 0) ?? null;
  const free = storage?.folders[0]?.freeBytes ?? null;
  const date = page === null ? Number.NaN : Date.parse(`${page.updated}T12:00:00`);
  return (
    <div className="lib-foot t12">
      {used !== null && (
        <div className="row">
          <span className="grow">{t("library.installed.models", { size: format.bytes(used) })}</span>
          <span className="ink3">
            {free === null
              ? t("library.installed.folderUnknown")
              : t("library.installed.folderFree", { free: format.bytes(free) })}
          </span>
        </div>
      )}
      {Number.isFinite(date) && <div className="ink3">{t("library.discover.asOf", { date: format.date(date) })}</div>}
      {page && <CatalogueOrigin origin={page.origin} />}
    </div>
  );
}
