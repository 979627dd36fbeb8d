import type { Message } from "@deskside/contract";
import { elementScroll, useVirtualizer } from "@tanstack/react-virtual";
import { classNames } from "../../../primitives/index.ts";
import { type ReactNode, type RefObject, useEffect, useReducer } from "react";

/** Up to this many messages are all mounted: find-in-page and screen readers see the whole chat. */
export const virtualFrom = 80;

const gap = 20;
const padding = 20;

export interface VirtualTurnsProps {
  branch: readonly Message[];
  scroller: RefObject<HTMLDivElement | null>;
  renderTurn: (message: Message, index: number) => ReactNode;
  /** Brought into view and marked. */
  found: string | null;
  /** The list has moved the scroller, because what is above the view turned out higher or lower than it was estimated. */
  onLayoutScroll: () => void;
}

/** A long conversation: only what is near the view is mounted; what grows above the view does not move it. */
export function VirtualTurns({ branch, scroller, renderTurn, found, onLayoutScroll }: VirtualTurnsProps) {
  // The scroller is an ancestor: it can be measured only once the whole thread stands.
  const [, redraw] = useReducer(() => true, false);
  useEffect(redraw, []);
  const virtualizer = useVirtualizer({
    count: branch.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateHeight(branch[index]),
    getItemKey: (index) => branch[index]?.id ?? index,
    gap,
    overscan: 6,
    scrollMargin: padding,
    scrollToFn(offset, options, instance) {
      elementScroll(offset, options, instance);
      onLayoutScroll();
    },
  });
  const foundAt = found === null ? -1 : branch.findIndex(({ id }) => id === found);
  useEffect(() => {
    if (foundAt >= 0) virtualizer.scrollToIndex(foundAt, { align: "center" });
  }, [foundAt, virtualizer]);
  return (
    <div className="turns" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, key, start }) => {
        const message = branch[index];
        if (!message) return null;
        return (
          <div
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            data-message={message.id}
            className={turnClass(message, found)}
            style={{ transform: `translateY(${start - padding}px)` }}
          >
            {renderTurn(message, index)}
          </div>
        );
      })}
    </div>
  );
}

export function turnClass({ id, role }: Message, found: string | null): string {
  return classNames("turn", role === "user" && "own", id === found && "found");
}

/** Near enough for the scroll bar; each turn is measured when it is first shown. */
function estimateHeight(message: Message | undefined): number {
  if (!message) return 60;
  const lines = Math.ceil(message.text.length / 90) + (message.text.match(/\n/g)?.length ?? 0) * 0.6;
  return message.role === "user" ? 42 + Math.min(lines, 26) * 22 : 60 + lines * 24;
}
