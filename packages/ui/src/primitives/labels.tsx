import { Fragment, type ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { displayKeys } from "../keyboard/key-combo.ts";
import { Icon, type IconName } from "./icon/icon.tsx";

export type Tone = "neutral" | "ok" | "warn" | "danger" | "info" | "accent";

const toneClass: Record<Tone, string> = {
  neutral: "",
  ok: "ok",
  warn: "warn",
  danger: "danger",
  info: "info",
  accent: "acc",
};

/** A state or a property in a word. It cannot be clicked. */
export function Badge(props: { tone?: Tone; outline?: boolean; icon?: IconName; title?: string; children: ReactNode }) {
  const { tone = "neutral", outline = false, icon, title, children } = props;
  return (
    <span className={classNames("badge", toneClass[tone], outline && "line")} title={title}>
      {icon && <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}

/** A key combination such as "Mod+Shift+L", in the keyboard's own words: Ctrl Shift L or ⌘ ⇧ L. One key cap each when `split`. */
export function Kbd({ keys, split = false }: { keys: string; split?: boolean }) {
  const caps = displayKeys(keys);
  if (!split) return <kbd className="kbd">{caps.join(" ")}</kbd>;
  return (
    <span className="row g4">
      {caps.map((cap) => (
        <Fragment key={cap}>
          <kbd className="kbd">{cap}</kbd>
        </Fragment>
      ))}
    </span>
  );
}

export type LampState = "ready" | "busy" | "loading" | "stopped" | "off";

const lampClass: Record<LampState, string> = { ready: "", busy: "busy", loading: "warn", stopped: "bad", off: "off" };

/** The engine's lamp. `label` is read out in place of the colour; leave it out where words stand beside it. */
export function Lamp({ state, label }: { state: LampState; label?: string }) {
  const className = classNames("lamp", lampClass[state]);
  if (label === undefined) return <span className={className} aria-hidden="true" />;
  return <span className={className} role="img" aria-label={label} title={label} />;
}
