import { Menu as BaseMenu } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import type { Align, Side } from "./floating.tsx";
import { Icon, type IconName } from "./icon/icon.tsx";
import { Kbd } from "./labels.tsx";

export interface MenuAction {
  label: string;
  icon?: IconName;
  /** Secondary words at the end of the row. */
  meta?: ReactNode;
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Set for one choice among others: the chosen one carries a tick. */
  checked?: boolean;
  onSelect: () => void;
}

export type MenuEntry = MenuAction | { divider: true } | { heading: string };

export interface MenuProps {
  trigger: ReactElement;
  items: readonly MenuEntry[];
  side?: Side;
  align?: Align;
  /** Pixels; the least is 220. */
  width?: number;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Where the focus goes after an item was chosen; by default back to the trigger. */
  returnFocus?: boolean;
}

/** A list of commands at a control: arrow keys, first letters, Enter, Esc. */
export function Menu({
  trigger,
  items,
  side = "bottom",
  align = "start",
  width,
  open,
  onOpenChange,
  returnFocus = true,
}: MenuProps) {
  return (
    <BaseMenu.Root
      modal={false}
      {...(open !== undefined && { open })}
      {...(onOpenChange && { onOpenChange: (next) => onOpenChange(next) })}
    >
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner side={side} align={align} sideOffset={4} collisionPadding={8} className="layer-pop">
          <BaseMenu.Popup className="pop menu" style={width === undefined ? {} : { width }} finalFocus={returnFocus}>
            {items.map((entry, index) => (
              <Entry key={entryKey(entry, index)} entry={entry} />
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

function entryKey(entry: MenuEntry, index: number): string {
  if ("divider" in entry) return `divider-${index}`;
  return "heading" in entry ? `heading-${entry.heading}` : entry.label;
}

function Entry({ entry }: { entry: MenuEntry }) {
  if ("divider" in entry) return <BaseMenu.Separator render={<hr />} />;
  if ("heading" in entry) return <div className="grp">{entry.heading}</div>;
  const content = (
    <>
      {entry.checked === true && <Icon name="check" />}
      {entry.checked === false && <span className="mi-gap" />}
      {entry.icon && <Icon name={entry.icon} />}
      <span className="clip">{entry.label}</span>
      {entry.meta !== undefined && <span className="meta">{entry.meta}</span>}
      {entry.shortcut !== undefined && <Kbd keys={entry.shortcut} />}
    </>
  );
  const className = classNames("mi", entry.danger && "danger", entry.disabled && "is-disabled");
  if (entry.checked !== undefined) {
    return (
      <BaseMenu.CheckboxItem
        className={className}
        checked={entry.checked}
        disabled={entry.disabled}
        closeOnClick
        onCheckedChange={entry.onSelect}
      >
        {content}
      </BaseMenu.CheckboxItem>
    );
  }
  return (
    <BaseMenu.Item className={className} disabled={entry.disabled} label={entry.label} onClick={entry.onSelect}>
      {content}
    </BaseMenu.Item>
  );
}
