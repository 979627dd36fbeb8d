import { type FormEvent, useState } from "react";
import { useKnowledgeCommands } from "../../../app/data/use-knowledge.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog } from "../../../primitives/index.ts";

/** A folder whose files are read, read again when they change, and removed when they go. */
export function WatchFolderDialog(props: { collectionId: string; open: boolean; onClose: () => void }) {
  const { collectionId, open, onClose } = props;
  const { t } = useText();
  const [path, setPath] = useState("");
  const { watchFolder } = useKnowledgeCommands();
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (path.trim() === "") return;
    watchFolder.mutate(
      { collectionId, path: path.trim() },
      {
        onSuccess: () => {
          setPath("");
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("knowledge.watchTitle")}
      width={520}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" disabled={path.trim() === ""} onClick={() => submit()}>
            {t("knowledge.watchConfirm")}
          </Button>
        </>
      }
    >
      <form onSubmit={submit}>
        <label className="col g4">
          <span className="label">{t("knowledge.folder")}</span>
          <span className="field">
            <input className="grow mono" value={path} onChange={(event) => setPath(event.target.value)} />
          </span>
        </label>
      </form>
      <p className="help">{t("knowledge.watchHint")}</p>
    </Dialog>
  );
}
