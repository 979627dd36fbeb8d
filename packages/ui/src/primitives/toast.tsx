import type { ReactNode } from "react";
import { Toaster as SonnerToaster, toast as sonner } from "sonner";
import { useText } from "../i18n/use-text.ts";
import { IconButton, Button } from "./button.tsx";
import { Icon, type IconName } from "./icon/icon.tsx";

export type ToastTone = "ok" | "neutral" | "info" | "warn" | "danger";

export interface ToastOptions {
  tone?: ToastTone;
  icon?: IconName;
  text: ReactNode;
  /** A second, quieter line. */
  detail?: ReactNode;
  action?: { label: string; run: () => void };
  /** A toast with the same id is replaced, not added. */
  id?: string;
}

const look: Record<ToastTone, { className: string; icon: IconName }> = {
  ok: { className: "ok", icon: "circle-check" },
  neutral: { className: "ink3", icon: "info" },
  info: { className: "info", icon: "info" },
  warn: { className: "warn", icon: "warning" },
  danger: { className: "danger", icon: "circle-x" },
};

/** How long a result is shown, in milliseconds; the pointer or the focus on it stops the clock. Errors stay until closed. */
export const toastMs = 6000;

/** Tells a result. */
export function toast(options: ToastOptions): void {
  sonner.custom((id) => <ToastCard id={id} options={options} />, {
    duration: options.tone === "danger" ? Number.POSITIVE_INFINITY : toastMs,
    ...(options.id !== undefined && { id: options.id }),
  });
}

function ToastCard({ id, options }: { id: string | number; options: ToastOptions }) {
  const { t } = useText();
  const { tone = "neutral", icon, text, detail, action } = options;
  return (
    <div className="toast" role={tone === "danger" ? "alert" : "status"}>
      <Icon name={icon ?? look[tone].icon} className={look[tone].className} />
      <div className="grow">
        <div className={detail === undefined ? "" : "med"}>{text}</div>
        {detail !== undefined && <div className="ink2">{detail}</div>}
      </div>
      {action && (
        <Button
          size="xs"
          onClick={() => {
            sonner.dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon="close" size="xs" label={t("common.close")} onClick={() => sonner.dismiss(id)} />
    </div>
  );
}

/** Where toasts appear: once, in the shell. */
export function Toaster() {
  const { t } = useText();
  return (
    <SonnerToaster
      position="bottom-right"
      visibleToasts={3}
      offset={{ bottom: 48, right: 20 }}
      gap={8}
      expand
      containerAriaLabel={t("common.notices")}
      toastOptions={{ unstyled: true }}
    />
  );
}
