import type { ForeignModel } from "@deskside/contract";
import { useQuery } from "@tanstack/react-query";
import { type DragEvent, useState } from "react";
import { useBridge, useClient } from "../../../app/client-context.tsx";
import { useStoreCommands } from "../../../app/data/use-library.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Button, classNames, Dialog, Icon, toast } from "../../../primitives/index.ts";

/** A file or a folder by drop or by path, and what other programs have: all used where it lies. */
export function AddDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText();
  const [path, setPath] = useState("");
  const { importPath } = useStoreCommands();
  const add = (from: string) =>
    importPath.mutate(from.trim(), {
      onSuccess: (models) => {
        if (models.length === 0) return toast({ tone: "warn", text: t("library.add.nothing"), detail: from });
        toast({ tone: "ok", text: t("library.add.added", { count: models.length }) });
        setPath("");
        onClose();
      },
    });
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("library.add.title")}
      width={560}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            disabled={path.trim() === ""}
            busy={importPath.isPending && t("library.add.adding")}
            onClick={() => add(path)}
          >
            {t("library.add.confirm")}
          </Button>
        </>
      }
    >
      <DropArea onPath={add} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== "") add(path);
        }}
      >
        <label className="col g4">
          <span className="label">{t("library.add.path")}</span>
          <span className="field">
            <input className="grow mono" value={path} onChange={(event) => setPath(event.target.value)} />
          </span>
        </label>
      </form>
      <p className="help">{t("library.add.hint")}</p>
      {open && <ForeignModels onUse={add} />}
    </Dialog>
  );
}

function DropArea({ onPath }: { onPath: (path: string) => void }) {
  const { t } = useText();
  const bridge = useBridge();
  const [over, setOver] = useState(false);
  if (!bridge) return <p className="help">{t("library.add.dropBrowser")}</p>;
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    for (const file of event.dataTransfer.files) {
      const path = bridge.pathOfFile(file);
      if (path !== "") onPath(path);
    }
  };
  return (
    <div
      className={classNames("drop-area", over && "on")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Icon name="upload" size={20} />
      {t("library.add.drop")}
    </div>
  );
}

function ForeignModels({ onUse }: { onUse: (path: string) => void }) {
  const text = useText();
  const { t } = text;
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: ["library", "foreign"],
    queryFn: ({ signal }) => client.library.discover(undefined, { signal }),
    staleTime: 0,
    retry: false,
  });
  return (
    <section className="col g8" aria-labelledby="library-foreign">
      <h3 className="label" id="library-foreign">
        {t("library.add.others")}
      </h3>
      {error !== null && <p className="danger">{describeError(toErrorData(error), text).body}</p>}
      {error === null && data === undefined && <p className="ink3">{t("library.add.looking")}</p>}
      {data?.length === 0 && <p className="ink3">{t("library.add.othersNone")}</p>}
      {data && data.length > 0 && (
        <ul className="lib-lines scroll-lines">
          {data.map((model) => (
            <ForeignLine key={model.path} model={model} onUse={() => onUse(model.path)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function ForeignLine({ model, onUse }: { model: ForeignModel; onUse: () => void }) {
  const { t, format } = useText();
  return (
    <li className="row g12">
      <span className="grow clip" title={model.path}>
        {model.name}
      </span>
      <span className="t12 ink3 nowrap">{model.program}</span>
      <span className="t12 ink3 nowrap">{format.fileSize(model.sizeBytes)}</span>
      {model.modelId === null ? (
        <Button size="sm" aria-label={`${t("library.add.useIt")}: ${model.name}`} onClick={onUse}>
          {t("library.add.useIt")}
        </Button>
      ) : (
        <Badge tone="ok">{t("library.add.already")}</Badge>
      )}
    </li>
  );
}
