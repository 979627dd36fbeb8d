import type { Box } from "@deskside/contract";
import { useEffect, useRef } from "react";

/** The cited passage on a page, whatever its size on the screen. */
export function PageMarks({ boxes, focus }: { boxes: readonly Box[]; focus: boolean }) {
  const first = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focus) first.current?.scrollIntoView({ block: "center" });
  }, [focus, boxes]);
  return (
    <div className="page-marks" aria-hidden="true">
      {boxes.map((box, index) => (
        <i
          key={index}
          ref={index === 0 ? first : null}
          style={{
            left: `${box.x * 100}%`,
            top: `${box.y * 100}%`,
            width: `${box.width * 100}%`,
            height: `${box.height * 100}%`,
          }}
        />
      ))}
    </div>
  );
}
