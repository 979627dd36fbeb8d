import type { LibraryStorage } from "@deskside/contract";
import { useState } from "react";
import { useStoreCommands } from "../../../app/data/use-library.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog, toast } from "../../../primitives/index.ts";

/** Models in the trash: each can come back until it is deleted. */
export function TrashSection({ trash }: { trash: LibraryStorage["trash"] }) {
  const { t, format } = useText();
  const { restore, emptyTrash } = useStoreCommands();
  const [asking, setAsking] = useState(false);
  const size = format.bytes(trash.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const empty = () => {
    setAsking(false);
    emptyTrash.mutate(undefined, {
      onSuccess: ({ bytes }) => toast({ tone: "ok", text: t("library.trash.emptied", { size: format.bytes(bytes) }) }),
    });
  };
  return (
    <section className="col g8" aria-labelledby="library-trash">
      <div className="row g8">
        <h2 className="t14 sb grow" id="library-trash">
          {t("library.trash.title")}
        </h2>
        <Button size="sm" variant="danger" icon="trash" onClick={() => setAsking(true)}>
          {t("library.trash.empty", { size })}
        </Button>
      </div>
      <ul className="lib-lines">
        {trash.map((model) => (
          <li key={model.id} className="row g12">
            <span className="grow clip">{model.name}</span>
            <span className="t12 ink3 nowrap">{format.bytes(model.sizeBytes)}</span>
            <span className="t12 ink3 nowrap hide-sm">
              {t("library.trash.until", { date: format.moment(model.deletedAt, Date.now()) })}
            </span>
            <Button size="sm" onClick={() => restore.mutate(model.id)}>
              {t("library.trash.restore")}
            </Button>
          </li>
        ))}
      </ul>
      <Dialog
        alert
        open={asking}
        onOpenChange={setAsking}
        title={t("library.trash.emptyTitle")}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{t("common.cancel")}</Button>
            <Button variant="danger-fill" onClick={empty}>
              {t("library.trash.emptyConfirm")}
            </Button>
          </>
        }
      >
        <p className="ink2">{t("library.trash.emptyBody", { count: trash.length, size })}</p>
      </Dialog>
    </section>
  );
}
