import type { Box } from "@deskside/contract";
import { useEffect, useRef } from "react";

export interface PageMarksProps {
  boxes: readonly Box[];
  /** Number of the source, beside the passage. */
  mark: number | undefined;
  focus: boolean;
}

/** The cited passage on a page, whatever its size on the screen. */
export function PageMarks({ boxes, mark, focus }: PageMarksProps) {
  const first = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focus) first.current?.scrollIntoView({ block: "center" });
  }, [focus, boxes]);
  const percent = (share: number) => `${share * 100}%`;
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return (
    <>
      <div className="page-marks" aria-hidden="true">
        {boxes.map((box, index) => (
          <i
            key={index}
            ref={index === 0 ? first : null}
            style={{
              left: percent(box.x),
              top: percent(box.y),
              width: percent(box.width),
              height: percent(box.height),
            }}
          />
        ))}
      </div>
      {mark !== undefined && boxes.length > 0 && (
        <div
          className="page-mark"
          aria-hidden="true"
          style={{ left: percent(left), top: percent(top), height: percent(bottom - top) }}
        >
          <span className="cite on">{mark}</span>
        </div>
      )}
    </>
  );
}
