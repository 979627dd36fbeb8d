import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { type Pane, paneLimits } from "../../../app/state/layout-store.ts";

const stepPx = 16;

export interface PaneResizerProps {
  pane: Pane;
  label: string;
  /** Pixels. */
  width: number;
  /** Percent; a pointer moves on the screen, a width is in pixels of the interface. */
  zoom: number;
  onResize: (width: number) => void;
}

/** The edge of a pane: drag it, or move it by arrow keys, Home and End; a double click brings back the usual width. */
export function PaneResizer({ pane, label, width, zoom, onResize }: PaneResizerProps) {
  const { least, most, usual } = paneLimits[pane];
  const drag = useRef<{ x: number; width: number } | null>(null);
  // The list grows to the right, the inspector to the left.
  const direction = pane === "list" ? 1 : -1;

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!drag.current) return;
    onResize(drag.current.width + (direction * (event.clientX - drag.current.x) * 100) / zoom);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = {
      ArrowLeft: width - direction * stepPx,
      ArrowRight: width + direction * stepPx,
      Home: least,
      End: most,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onResize(next);
  };
  return (
    <div
      className={`resizer resizer-${pane}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onDoubleClick={() => onResize(usual)}
      onKeyDown={onKeyDown}
    />
  );
}
