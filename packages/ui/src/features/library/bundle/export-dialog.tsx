import type { BundleResult } from "@deskside/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { useModels } from "../../../app/data/use-models.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog, toast } from "../../../primitives/index.ts";
import { Fingerprint, JobProgress, PathField, skippedWords } from "./bundle-parts.tsx";
import { useBundleJob } from "./use-bundle-job.ts";
import "./bundle.css";

interface Wish {
  /** Ids. */
  readonly models: ReadonlySet<string>;
  readonly settings: boolean;
  readonly catalogue: boolean;
}

/** Chooses what goes into one file, and shows the fingerprint the other side will be asked to compare. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const text = useText();
  const { t, format } = text;
  const client = useClient();
  const [path, setPath] = useState("");
  const [wish, setWish] = useState<Wish>({ models: new Set(), settings: false, catalogue: false });
  const { data: identity } = useQuery({
    queryKey: ["library", "bundle", "identity"],
    queryFn: ({ signal }) => client.library.bundle.identity(undefined, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { job, starting, start, stop } = useBundleJob((result: BundleResult) => {
    const detail = skippedWords(result, text);
    const words = t("bundle.export.done", { path: result.path, size: format.bytes(result.bundleBytes) });
    toast({ tone: "ok", text: words, ...(detail !== undefined && { detail }) });
    onClose();
  });
  const nothing = wish.models.size === 0 && !wish.settings && !wish.catalogue;
  const confirm = () =>
    start(() => client.library.bundle.export({ ...wish, path: path.trim(), models: [...wish.models] }));
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t("bundle.export.title")}
      width={560}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            disabled={nothing || path.trim() === ""}
            busy={starting && t("bundle.export.running")}
            onClick={confirm}
          >
            {t("bundle.export.confirm")}
          </Button>
        </>
      }
    >
      <p className="help">{t("bundle.export.hint")}</p>
      <Choices wish={wish} onChange={setWish} />
      <PathField label={t("bundle.path")} value={path} onChange={setPath} />
      {identity && <Fingerprint label={t("bundle.ownFingerprint")} value={identity.fingerprint} />}
      {job && <JobProgress job={job} words={t("bundle.export.running")} onStop={stop} />}
    </Dialog>
  );
}

function Choices({ wish, onChange }: { wish: Wish; onChange: (wish: Wish) => void }) {
  const { t, format } = useText();
  const installed = (useModels() ?? []).filter(({ problem }) => problem === null);
  const toggle = (id: string) => {
    const models = new Set(wish.models);
    if (!models.delete(id)) models.add(id);
    onChange({ ...wish, models });
  };
  const { models, settings, catalogue } = wish;
  return (
    <>
      <fieldset className="col g4 bundle-choices">
        <legend className="label">{t("bundle.export.models")}</legend>
        {installed.map(({ id, name, quantization, sizeBytes }) => (
          <Choice key={id} on={models.has(id)} onChange={() => toggle(id)} meta={format.bytes(sizeBytes)}>
            {[name, quantization].filter(Boolean).join(" ")}
          </Choice>
        ))}
      </fieldset>
      <div className="col g4">
        <Choice
          on={settings}
          onChange={() => onChange({ ...wish, settings: !settings })}
          meta={t("bundle.export.settingsHint")}
        >
          {t("bundle.export.settings")}
        </Choice>
        <Choice on={catalogue} onChange={() => onChange({ ...wish, catalogue: !catalogue })}>
          {t("bundle.export.catalogue")}
        </Choice>
      </div>
    </>
  );
}

function Choice(props: { on: boolean; onChange: () => void; meta?: string; children: string }) {
  return (
    <label className="row g8">
      <input type="checkbox" checked={props.on} onChange={props.onChange} />
      <span className="grow clip">{props.children}</span>
      {props.meta !== undefined && <span className="t12 ink3">{props.meta}</span>}
    </label>
  );
}
