import { useStoreCommands } from "../../../app/data/use-library.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog, toast } from "../../../primitives/index.ts";
import type { LibraryModel } from "./installed-screen.tsx";

/** Names what goes and how much disk returns; what is only linked stays where it is. */
export function RemoveDialog({ one: { model, stored }, onClose }: { one: LibraryModel; onClose: () => void }) {
  const { t, format } = useText();
  const linked = stored?.linked === true;
  const { restoreModel } = useStoreCommands();
  const { remove } = useStoreCommands({
    removed: (modelId) =>
      toast({
        tone: "ok",
        text: t(linked ? "library.remove.unlinked" : "library.remove.done", { model: model.name }),
        ...(!linked && { action: { label: t("library.remove.undo"), run: () => restoreModel.mutate(modelId) } }),
      }),
  });
  const confirm = () => {
    onClose();
    remove.mutate(model.id);
  };
  return (
    <Dialog
      alert
      open
      onOpenChange={(next) => !next && onClose()}
      title={t(linked ? "library.remove.unlinkTitle" : "library.remove.title", { model: model.name })}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="danger-fill" onClick={confirm}>
            {t(linked ? "library.remove.unlinkConfirm" : "library.remove.confirm")}
          </Button>
        </>
      }
    >
      <p className="ink2">
        {linked
          ? t("library.remove.unlinkBody", { path: stored.path ?? model.fileName })
          : t("library.remove.body", { size: format.bytes(stored?.diskBytes ?? model.sizeBytes) })}
      </p>
    </Dialog>
  );
}
