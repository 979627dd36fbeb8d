import type { Attachment, InstalledModel } from "@deskside/contract";
import { useState } from "react";
import { useAttachments, useModelSettingsCommands } from "../../../app/data/use-model-settings.ts";
import { useModels } from "../../../app/data/use-models.ts";
import { describeError } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Button, IconButton, Segmented } from "../../../primitives/index.ts";

/** LoRA adapters and the draft model, and a line to add one by its path or name. */
export function AttachmentsList({ model }: { model: InstalledModel }) {
  const { t } = useText();
  const { data: attachments } = useAttachments(model.id);
  const { detach } = useModelSettingsCommands(model.id);
  return (
    <section className="col g8" aria-labelledby="model-attachments">
      <h3 className="label" id="model-attachments">
        {t("library.modelSettings.attachments")}
      </h3>
      {attachments?.length === 0 && <p className="ink3">{t("library.modelSettings.noAttachments")}</p>}
      <ul className="lib-lines">
        {attachments?.map((one) => (
          <AttachmentLine key={one.id} one={one} onRemove={() => detach.mutate(one.id)} />
        ))}
      </ul>
      <AttachForm modelId={model.id} />
    </section>
  );
}

function AttachmentLine({ one, onRemove }: { one: Attachment; onRemove: () => void }) {
  const text = useText();
  const { t, format } = text;
  return (
    <li className="col g4">
      <span className="row g12">
        <span className="grow clip" title={one.path}>
          {one.name}
        </span>
        <Badge>{t(`library.modelSettings.kind.${one.kind}`)}</Badge>
        {one.purpose !== null && <Badge tone="info">{t("library.modelSettings.documentsOnly")}</Badge>}
        {one.scale !== 1 && <span className="t12 ink3 nowrap">× {format.number(one.scale)}</span>}
        <span className="t12 ink3 nowrap">{format.fileSize(one.sizeBytes)}</span>
        {!one.builtIn && (
          <IconButton icon="close" label={t("library.modelSettings.detach", { name: one.name })} onClick={onRemove} />
        )}
      </span>
      {one.problem && <span className="t12 danger">{describeError(one.problem, text).body}</span>}
    </li>
  );
}

function AttachForm({ modelId }: { modelId: string }) {
  const { t } = useText();
  const [kind, setKind] = useState<Attachment["kind"]>("adapter");
  const [source, setSource] = useState("");
  const { attach } = useModelSettingsCommands(modelId);
  const models = useModels() ?? [];
  const listId = "model-attachment-sources";
  const candidates = models.filter(
    ({ id, role, problem }) => id !== modelId && problem === null && role === (kind === "draft" ? "chat" : "adapter"),
  );
  const submit = () => attach.mutate({ kind, source: source.trim() }, { onSuccess: () => setSource("") });
  return (
    <form
      className="row g8"
      onSubmit={(event) => {
        event.preventDefault();
        if (source.trim() !== "") submit();
      }}
    >
      <Segmented
        label={t("library.modelSettings.kindLabel")}
        value={kind}
        options={(["adapter", "draft"] as const).map((value) => ({
          value,
          label: t(`library.modelSettings.kind.${value}`),
        }))}
        onChange={setKind}
      />
      <span className="field grow">
        <input
          className="grow"
          list={listId}
          aria-label={t("library.modelSettings.source")}
          placeholder={t("library.modelSettings.source")}
          value={source}
          onChange={(event) => setSource(event.target.value)}
        />
      </span>
      <datalist id={listId}>
        {candidates.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </datalist>
      <Button type="submit" disabled={source.trim() === "" || attach.isPending}>
        {t("library.modelSettings.attach")}
      </Button>
    </form>
  );
}
