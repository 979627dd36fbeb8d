import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { Tooltip } from "./floating.tsx";
import { Icon, type IconName } from "./icon/icon.tsx";

export type ButtonVariant = "default" | "primary" | "quiet" | "danger" | "danger-fill";
export type ButtonSize = "xs" | "sm" | "md" | "lg";

export interface ButtonProps extends Omit<ComponentProps<"button">, "type"> {
  variant?: ButtonVariant;
  /** Heights 24, 28, 32 and 40. */
  size?: ButtonSize;
  icon?: IconName;
  /** What the button is doing now ("Loading…"): shown in place of its label, and the button waits. */
  busy?: string | false;
  type?: "button" | "submit";
}

export function Button({ variant = "default", size = "md", icon, busy = false, ...rest }: ButtonProps) {
  const { className, children, disabled, type = "button", onClick, ...attributes } = rest;
  const waiting = busy !== false;
  return (
    <button
      {...attributes}
      type={type}
      className={classNames("btn", variant !== "default" && variant, size !== "md" && size, className)}
      disabled={disabled}
      aria-busy={waiting || undefined}
      // A waiting button keeps the focus, so it is not disabled; it only does nothing.
      onClick={waiting ? (event) => event.preventDefault() : onClick}
    >
      {waiting ? (
        <Icon name="refresh" size={14} className="spin" />
      ) : (
        icon && <Icon name={icon} size={iconSize(size)} />
      )}
      {waiting ? busy : children}
    </button>
  );
}

function iconSize(size: ButtonSize) {
  if (size === "lg") return 16;
  return size === "xs" ? 12 : 14;
}

export interface IconButtonProps extends Omit<ComponentProps<"button">, "type" | "children" | "aria-label"> {
  icon: IconName;
  /** The accessible name, and what the tooltip says. */
  label: string;
  /** Shown in the tooltip, e.g. "Mod+N". It is only shown: whoever owns the command listens for it. */
  shortcut?: string | undefined;
  size?: "md" | "xs";
  iconSize?: 12 | 14 | 16 | 18;
  /** Set for a button that is on or off. */
  pressed?: boolean | undefined;
  children?: ReactNode;
}

export function IconButton(props: IconButtonProps) {
  const { icon, label, shortcut, size = "md", iconSize, pressed, className, children, ...attributes } = props;
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        {...attributes}
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={classNames("ib", size === "xs" && "xs", pressed && "on", className)}
      >
        <Icon name={icon} size={iconSize ?? (size === "xs" ? 14 : 16)} />
        {children}
      </button>
    </Tooltip>
  );
}
