import type { ReactNode } from "react";
import { useText } from "../i18n/use-text.ts";
import { classNames } from "./class-names.ts";
import { IconButton } from "./button.tsx";
import { Icon, type IconName } from "./icon/icon.tsx";

export type BannerTone = "info" | "ok" | "warn" | "danger" | "accent";

const look: Record<BannerTone, { className: string; icon: IconName }> = {
  info: { className: "info", icon: "info" },
  ok: { className: "ok", icon: "circle-check" },
  warn: { className: "warn", icon: "warning" },
  danger: { className: "danger", icon: "circle-x" },
  accent: { className: "acc", icon: "info" },
};

export interface BannerProps {
  tone: BannerTone;
  icon?: IconName;
  title?: ReactNode;
  /** What is kept and why. */
  children?: ReactNode;
  /** Buttons, usually one. */
  actions?: ReactNode;
  onClose?: () => void;
  /** Stretches over the pane and has no rounded corners. */
  wide?: boolean;
}

/** The state of the view it stands in; it stays until the state is over or it is closed. Errors are announced. */
export function Banner({ tone, icon, title, children, actions, onClose, wide = false }: BannerProps) {
  const { t } = useText();
  return (
    <div
      className={classNames("banner", look[tone].className, wide && "wide")}
      role={tone === "danger" ? "alert" : "status"}
    >
      <Icon name={icon ?? look[tone].icon} />
      <div className="grow">
        {title !== undefined && <div className="med">{title}</div>}
        {children !== undefined && <div className={title === undefined ? "" : "ink2"}>{children}</div>}
      </div>
      {actions !== undefined && <div className="row g8 banner-acts">{actions}</div>}
      {onClose && <IconButton icon="close" size="xs" label={t("common.close")} onClick={onClose} />}
    </div>
  );
}
