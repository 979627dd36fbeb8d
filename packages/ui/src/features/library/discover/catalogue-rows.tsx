import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { formatRoute } from "../../../app/routes.ts";
import { unknown } from "../../../format/formats.ts";
import { useText } from "../../../i18n/use-text.ts";
import { listStep } from "../../../keyboard/list-step.ts";
import { classNames, Icon } from "../../../primitives/index.ts";
import { entryRoute } from "../library-routes.ts";
import type { CatalogueGroup, FoundGroup, IndexedEntry } from "./catalogue-index.ts";
import { entryMeta, gradeClass } from "./entry-words.ts";

type Item = { kind: "head"; group: CatalogueGroup; count: number } | { kind: "row"; one: IndexedEntry };

/** More items than this are drawn only where they are seen. */
const virtualFrom = 120;
const headHeight = 28;
const rowHeight = 50;

export interface CatalogueRowsProps {
  groups: readonly FoundGroup[];
  currentId: string | null;
  /** Follows the rows and scrolls with them. */
  after?: ReactNode;
}

/** Models under the heads of their groups. One row is in the Tab order; arrow keys, Home and End move among them. */
export function CatalogueRows({ groups, currentId, after }: CatalogueRowsProps) {
  const { t } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const items = useMemo(() => flatten(groups), [groups]);
  const isLong = items.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: isLong ? items.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.kind === "head" ? headHeight : rowHeight),
    getItemKey: (index) => keyOf(items[index]) ?? index,
    overscan: 8,
  });
  const { reachableId, onKeyDown } = useRowKeys(items, currentId, scroller, (index) => {
    if (isLong) virtualizer.scrollToIndex(index);
  });
  const draw = (item: Item) =>
    item.kind === "head" ? (
      <GroupHead group={item.group} count={item.count} />
    ) : (
      <CatalogueRow
        one={item.one}
        current={item.one.entry.id === currentId}
        reachable={item.one.entry.id === reachableId}
      />
    );
  return (
    <div
      className="scroll rows lib-rows"
      ref={scroller}
      role="navigation"
      aria-label={t("library.discover.list")}
      onKeyDown={onKeyDown}
    >
      {isLong ? (
        <div className="lib-virtual" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const item = items[index];
            return (
              item && (
                <div key={key} style={{ transform: `translateY(${start}px)` }}>
                  {draw(item)}
                </div>
              )
            );
          })}
        </div>
      ) : (
        items.map((item) => <div key={keyOf(item)}>{draw(item)}</div>)
      )}
      {after}
    </div>
  );
}

function useRowKeys(
  items: readonly Item[],
  currentId: string | null,
  scroller: { readonly current: HTMLElement | null },
  reveal: (index: number) => void,
) {
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const rows = useMemo(() => items.flatMap((item) => (item.kind === "row" ? [item.one.entry.id] : [])), [items]);
  const known = useMemo(() => new Set(rows), [rows]);
  const has = (id: string | null) => id !== null && known.has(id);
  const reachableId = has(focusedId) ? focusedId : has(currentId) ? currentId : (rows[0] ?? null);
  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const from = event.target instanceof HTMLElement ? event.target.dataset["entry"] : undefined;
      const to = from === undefined ? null : listStep(event.key, rows.indexOf(from), rows.length);
      const id = to === null ? undefined : rows[to];
      if (id === undefined) return;
      event.preventDefault();
      setFocusedId(id);
      reveal(items.findIndex((item) => item.kind === "row" && item.one.entry.id === id));
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(id)}"]`)?.focus(),
      );
    },
    [rows, items, reveal, scroller],
  );
  return { reachableId, onKeyDown };
}

function GroupHead({ group, count }: { group: CatalogueGroup; count: number }) {
  const { t, format } = useText();
  return (
    <div className="grp" role="heading" aria-level={3}>
      {t(`library.discover.group.${group}`)} <span className="count">{format.integer(count)}</span>
      <span className="end" aria-hidden="true">
        {t("library.discover.speedHead")}
      </span>
    </div>
  );
}

const CatalogueRow = memo(function CatalogueRow(props: { one: IndexedEntry; current: boolean; reachable: boolean }) {
  const text = useText();
  const { t, format } = text;
  const { one, current, reachable } = props;
  const { entry, fit } = one;
  const speed = fit?.tokensPerSecond ?? null;
  const grade = fit?.grade ?? null;
  return (
    <a
      className={classNames("mrow", current && "on")}
      href={formatRoute(entryRoute(entry.id))}
      aria-current={current ? "page" : undefined}
      data-entry={entry.id}
      tabIndex={reachable ? 0 : -1}
      title={entry.name}
    >
      <span className="n clip">
        {entry.installed.length > 0 && (
          <>
            <Icon name="circle-check" size={12} className="ok" />
            <span className="sr">{t("library.discover.installed")}, </span>
          </>
        )}
        {entry.name}
      </span>
      <span className="sp">{speed === null ? unknown : format.speedFigure(speed)}</span>
      <span className="s clip">{entryMeta(entry, text)}</span>
      <span className={classNames("s r", grade !== null && gradeClass[grade])}>
        {grade === null ? t("library.discover.unknownHere") : t(`hardware.grade.${grade}`)}
      </span>
    </a>
  );
});

function flatten(groups: readonly FoundGroup[]): Item[] {
  const items: Item[] = [];
  for (const { group, entries } of groups) {
    items.push({ kind: "head", group, count: entries.length });
    for (const one of entries) items.push({ kind: "row", one });
  }
  return items;
}

function keyOf(item: Item | undefined): string | undefined {
  if (!item) return undefined;
  return item.kind === "head" ? `head/${item.group}` : item.one.entry.id;
}
