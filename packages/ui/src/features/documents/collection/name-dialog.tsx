import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog } from "../../../primitives/index.ts";

export interface NameDialogProps {
  open: boolean;
  title: string;
  initial: string;
  confirm: string;
  onClose: () => void;
  onConfirm: (name: string) => void;
  /** What else is asked for. */
  children?: ReactNode;
}

/** Asks for the name of a collection. */
export function NameDialog({ open, title, initial, confirm, onClose, onConfirm, children }: NameDialogProps) {
  const { t } = useText();
  const [name, setName] = useState(initial);
  useEffect(() => {
    if (open) setName(initial);
  }, [open, initial]);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (name.trim() !== "") onConfirm(name.trim());
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      width={440}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" disabled={name.trim() === ""} onClick={() => submit()}>
            {confirm}
          </Button>
        </>
      }
    >
      <form className="col g16" onSubmit={submit}>
        <label className="col g4">
          <span className="label">{t("knowledge.name")}</span>
          <span className="field">
            <input className="grow" value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
          </span>
        </label>
        {children}
      </form>
    </Dialog>
  );
}
