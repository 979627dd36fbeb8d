import type { KnowledgeDocument } from "@deskside/contract";
import { type FormEvent, useState } from "react";
import { useKnowledgeCommands } from "../../../app/data/use-knowledge.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog } from "../../../primitives/index.ts";

interface FileDialogProps {
  document: KnowledgeDocument;
  open: boolean;
  onClose: () => void;
}

/** The password is used once and not kept. */
export function PasswordDialog({ document, open, onClose }: FileDialogProps) {
  const { t } = useText();
  const { retry } = useKnowledgeCommands();
  return (
    <AskDialog
      {...{ open, onClose }}
      title={t("knowledge.passwordTitle", { file: document.path })}
      label={t("knowledge.password")}
      hint={t("knowledge.passwordHint")}
      secret
      onConfirm={(password) => retry.mutate({ documentId: document.id, password }, { onSuccess: onClose })}
    />
  );
}

export function LocateDialog({ document, open, onClose }: FileDialogProps) {
  const { t } = useText();
  const { locate } = useKnowledgeCommands();
  return (
    <AskDialog
      {...{ open, onClose }}
      title={t("knowledge.locateTitle", { file: document.path })}
      label={t("knowledge.place")}
      hint={t("knowledge.locateHint")}
      secret={false}
      onConfirm={(path) => locate.mutate({ documentId: document.id, path }, { onSuccess: onClose })}
    />
  );
}

function AskDialog(props: {
  open: boolean;
  title: string;
  label: string;
  hint: string;
  secret: boolean;
  onClose: () => void;
  onConfirm: (value: string) => void;
}) {
  const { open, title, label, hint, secret, onClose, onConfirm } = props;
  const { t } = useText();
  const [value, setValue] = useState("");
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (value === "") return;
    onConfirm(value);
    setValue("");
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      width={480}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" disabled={value === ""} onClick={() => submit()}>
            {t("knowledge.readAgain")}
          </Button>
        </>
      }
    >
      <form onSubmit={submit}>
        <label className="col g4">
          <span className="label">{label}</span>
          <span className="field">
            <input
              className="grow"
              type={secret ? "password" : "text"}
              autoComplete="off"
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          </span>
        </label>
      </form>
      <p className="help">{hint}</p>
    </Dialog>
  );
}
