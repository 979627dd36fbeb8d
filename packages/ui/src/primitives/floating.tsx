import { Popover as BasePopover } from "@base-ui/react/popover";
import { Tooltip as BaseTooltip } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { Kbd } from "./labels.tsx";

export type Side = "top" | "bottom" | "left" | "right";
export type Align = "start" | "center" | "end";

/** Names a control on hover and focus. The child takes a ref and event handlers; its accessible name is its own. */
export function Tooltip(props: {
  text: ReactNode;
  shortcut?: string | undefined;
  side?: Side;
  children: ReactElement;
}) {
  const { text, shortcut, side = "bottom", children } = props;
  return (
    <BaseTooltip.Root>
      <BaseTooltip.Trigger render={children} />
      <BaseTooltip.Portal>
        <BaseTooltip.Positioner side={side} sideOffset={6} collisionPadding={8} className="layer-tip">
          <BaseTooltip.Popup className="tip">
            {text}
            {shortcut !== undefined && <Kbd keys={shortcut} />}
          </BaseTooltip.Popup>
        </BaseTooltip.Positioner>
      </BaseTooltip.Portal>
    </BaseTooltip.Root>
  );
}

export interface PopoverProps {
  /** The control that opens it; it takes a ref and event handlers. */
  trigger: ReactElement;
  /** Read out as the name of the dialog. */
  label: string;
  side?: Side;
  align?: Align;
  /** Pixels. */
  width?: number;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
}

/** A panel at a control. Esc and a click outside close it; the focus goes back to the trigger. */
export function Popover(props: PopoverProps) {
  const { trigger, label, side = "bottom", align = "start", width, open, onOpenChange, className, children } = props;
  return (
    <BasePopover.Root
      {...(open !== undefined && { open })}
      {...(onOpenChange && { onOpenChange: (next) => onOpenChange(next) })}
    >
      <BasePopover.Trigger render={trigger} />
      <BasePopover.Portal>
        <BasePopover.Positioner side={side} align={align} sideOffset={6} collisionPadding={8} className="layer-pop">
          <BasePopover.Popup
            className={classNames("pop", className)}
            aria-label={label}
            style={width === undefined ? {} : { width }}
          >
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
