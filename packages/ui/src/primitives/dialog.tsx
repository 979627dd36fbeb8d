import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { createContext, type ReactNode, type RefObject, useContext } from "react";
import { classNames } from "./class-names.ts";

/** The framed display. Dialogs cover it and nothing else, so that the machine strip stays readable and usable. */
export const DisplayContext = createContext<RefObject<HTMLElement | null> | undefined>(undefined);

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** Hides the title from sight, not from screen readers. */
  titleHidden?: boolean;
  children?: ReactNode;
  /** Buttons, the primary one last. */
  actions?: ReactNode;
  /** Pixels, 440 by default. */
  width?: number;
  /** For loss or consent: a click outside does not close it. */
  alert?: boolean;
  className?: string;
  initialFocus?: RefObject<HTMLElement | null>;
}

export function Dialog(props: DialogProps) {
  const {
    open,
    onOpenChange,
    title,
    titleHidden = false,
    children,
    actions,
    width = 440,
    alert = false,
    className,
  } = props;
  const display = useContext(DisplayContext);
  const Parts = alert ? AlertDialog : BaseDialog;
  const container = display?.current ?? undefined;
  return (
    <Parts.Root
      open={open}
      onOpenChange={(next) => onOpenChange(next)}
      {...(!alert && { modal: "trap-focus" as const })}
    >
      <Parts.Portal container={container}>
        <Parts.Backdrop className="scrim" />
        <Parts.Popup
          className={classNames("dialog", className)}
          style={{ width }}
          {...(props.initialFocus && { initialFocus: props.initialFocus })}
        >
          <div className={titleHidden ? "body bare" : "body col g12"}>
            <Parts.Title render={<h2 />} className={titleHidden ? "sr" : "t16 sb"}>
              {title}
            </Parts.Title>
            {children}
          </div>
          {actions !== undefined && <div className="acts">{actions}</div>}
        </Parts.Popup>
      </Parts.Portal>
    </Parts.Root>
  );
}
