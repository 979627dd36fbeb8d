import { iconPaths } from "./icon-paths.ts";

export type IconName = keyof typeof iconPaths;
export type IconSize = 12 | 14 | 16 | 18 | 20 | 24;

/** A drawing beside words, or inside a control that has a name of its own: never read out. */
export function Icon(props: { name: IconName; size?: IconSize; filled?: boolean; className?: string }) {
  const { name, size = 16, filled = false, className } = props;
  const classes = ["i", size === 16 ? "" : `s${size}`, filled ? "fill" : "", className ?? ""].filter(Boolean).join(" ");
  return (
    <svg className={classes} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={iconPaths[name]} />
    </svg>
  );
}
