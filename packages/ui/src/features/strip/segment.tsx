import type { ReactElement, ReactNode } from "react";
import { classNames, Popover } from "../../primitives/index.ts";

/** A segment of the strip that opens a popover upward. */
export function PopoverSegment(props: {
  className?: string;
  /** Absent where what the segment shows is its name. */
  label?: string;
  popoverLabel: string;
  width: number;
  align?: "start" | "end";
  onOpenChange?: (open: boolean) => void;
  popover: ReactNode;
  children: ReactNode;
}): ReactElement {
  const { className, label, popoverLabel, width, align = "start", onOpenChange, popover, children } = props;
  return (
    <Popover
      side="top"
      align={align}
      width={width}
      label={popoverLabel}
      className="strip-pop"
      {...(onOpenChange && { onOpenChange })}
      trigger={
        <button type="button" className={classNames("seg", className)} aria-label={label}>
          {children}
        </button>
      }
    >
      {popover}
    </Popover>
  );
}

export function PopoverHead({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="ph2">
      {icon}
      <h2 className="grow">{title}</h2>
      {children}
    </div>
  );
}
