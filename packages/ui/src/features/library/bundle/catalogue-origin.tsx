import type { CataloguePage } from "@deskside/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Banner, Button, Dialog, toast } from "../../../primitives/index.ts";
import { PathField } from "./bundle-parts.tsx";

/** Where the catalogue is from, and a newer one from a file. */
export function CatalogueOrigin({ origin }: { origin: CataloguePage["origin"] }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const words =
    origin.keyId === null
      ? t("bundle.catalogueFile.builtIn")
      : t("bundle.catalogueFile.update", { keyId: origin.keyId });
  return (
    <div className="row g8 ink3">
      <span className="grow">{words}</span>
      <button type="button" className="link t12" onClick={() => setOpen(true)}>
        {t("bundle.catalogueFile.open")}
      </button>
      {open && <UpdateDialog onClose={() => setOpen(false)} />}
    </div>
  );
}

function UpdateDialog({ onClose }: { onClose: () => void }) {
  const text = useText();
  const { t, format } = text;
  const client = useClient();
  const queries = useQueryClient();
  const [path, setPath] = useState("");
  const update = useMutation({
    mutationFn: () => client.library.catalogueUpdate({ path: path.trim() }),
    onSuccess: ({ state, updated, models }) => {
      const date = format.date(Date.parse(`${updated}T12:00:00`));
      toast({ tone: "ok", text: t(`bundle.catalogueFile.${state}`, { date, models }) });
      void queries.invalidateQueries({ queryKey: queryKeys.catalogue });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t("bundle.catalogueFile.title")}
      width={520}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            disabled={path.trim() === ""}
            busy={update.isPending && t("bundle.catalogueFile.running")}
            onClick={() => update.mutate()}
          >
            {t("bundle.catalogueFile.confirm")}
          </Button>
        </>
      }
    >
      <p className="help">{t("bundle.catalogueFile.hint")}</p>
      <PathField label={t("bundle.path")} value={path} onChange={setPath} />
      {update.error !== null && (
        <Banner tone="danger" title={describeError(toErrorData(update.error), text).title}>
          {describeError(toErrorData(update.error), text).body}
        </Banner>
      )}
    </Dialog>
  );
}
