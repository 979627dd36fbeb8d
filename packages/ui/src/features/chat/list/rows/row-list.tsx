import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { listStep } from "../../../../keyboard/list-step.ts";

export type ListItem =
  | { kind: "head"; key: string; label: string; action?: ReactNode }
  | { kind: "row"; key: string; tall: boolean };

/** More rows than this are drawn only where they are seen. */
const virtualFrom = 200;
const headHeight = 28;
const tallHeight = 64;

export interface RowListProps {
  items: readonly ListItem[];
  label: string;
  /** The row that Tab reaches before the arrow keys were used. */
  currentKey: string | null;
  renderRow: (key: string, reachable: boolean) => ReactNode;
  /** Follows the rows and scrolls with them. */
  after?: ReactNode;
}

/** Rows under heads. One row is in the Tab order; arrow keys, Home and End move among them. */
export function RowList({ items, label, currentKey, renderRow, after }: RowListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [focusedKey, setFocusedKey] = useState<string | null>(null);
  const rows = items.filter((item) => item.kind === "row");
  const has = (key: string | null) => key !== null && rows.some((row) => row.key === key);
  const reachableKey = has(focusedKey) ? focusedKey : has(currentKey) ? currentKey : (rows[0]?.key ?? null);
  const isLong = items.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: isLong ? items.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(items[index], scroller.current),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 12,
  });

  const moveFocus = (key: string) => {
    setFocusedKey(key);
    if (isLong) virtualizer.scrollToIndex(items.findIndex((item) => item.key === key));
    requestAnimationFrame(() => rowElement(scroller.current, key)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = targetKey(event, rows);
    if (key === null) return;
    event.preventDefault();
    moveFocus(key);
  };
  const renderItem = (item: ListItem) =>
    item.kind === "head" ? (
      <Head label={item.label} action={item.action} />
    ) : (
      renderRow(item.key, item.key === reachableKey)
    );

  return (
    <div className="scroll rows" ref={scroller} role="navigation" aria-label={label} onKeyDown={onKeyDown}>
      {isLong ? (
        <div className="turns" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const item = items[index];
            return (
              item && (
                <div
                  key={key}
                  className="turn"
                  ref={virtualizer.measureElement}
                  data-index={index}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {renderItem(item)}
                </div>
              )
            );
          })}
        </div>
      ) : (
        items.map((item) => <div key={item.key}>{renderItem(item)}</div>)
      )}
      {after}
    </div>
  );
}

function Head({ label, action }: { label: string; action: ReactNode }) {
  return (
    <div className="grp">
      <span role="heading" aria-level={2} className="grow">
        {label}
      </span>
      {action}
    </div>
  );
}

function rowElement(root: HTMLElement | null, key: string): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`[data-chat-row="${CSS.escape(key)}"]`) ?? null;
}

/** The row that a key on a row leads to. */
function targetKey(event: KeyboardEvent, rows: readonly ListItem[]): string | null {
  const row = event.target instanceof HTMLElement ? event.target.dataset["chatRow"] : undefined;
  if (row === undefined) return null;
  const to = listStep(
    event.key,
    rows.findIndex(({ key }) => key === row),
    rows.length,
  );
  return to === null ? null : (rows[to]?.key ?? null);
}

function heightOf(item: ListItem | undefined, element: HTMLElement | null): number {
  if (item?.kind === "head") return headHeight;
  if (item?.kind === "row" && item.tall) return tallHeight;
  const row = element ? Number.parseFloat(getComputedStyle(element).getPropertyValue("--h-row")) : Number.NaN;
  return Number.isFinite(row) ? row : 32;
}
