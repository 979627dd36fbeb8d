import type { BundleInspection, BundleResult } from "@deskside/contract";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Banner, Button, Dialog, toast } from "../../../primitives/index.ts";
import { Contents, Fingerprint, JobProgress, PathField, skippedWords } from "./bundle-parts.tsx";
import { useBundleJob } from "./use-bundle-job.ts";
import "./bundle.css";

/** First who made it and what is in it; only what was looked at and confirmed is copied. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const text = useText();
  const { t } = text;
  const client = useClient();
  const [path, setPath] = useState("");
  const [compared, setCompared] = useState(false);
  const inspect = useMutation({ mutationFn: (from: string) => client.library.bundle.inspect({ path: from }) });
  const { job, starting, start, stop } = useBundleJob((result: BundleResult) => {
    const detail = skippedWords(result, text);
    const words = t("bundle.import.done", { count: result.models.length });
    toast({ tone: "ok", text: words, ...(detail !== undefined && { detail }) });
    onClose();
  });
  const found = inspect.data ?? null;
  const known = found !== null && (found.own || found.trusted);
  const change = (next: string) => {
    setPath(next);
    setCompared(false);
    inspect.reset();
  };
  const look = () => inspect.mutate(path.trim());
  const take = (seen: BundleInspection) =>
    start(() => client.library.bundle.import({ path: seen.path, trust: seen.fingerprint }));
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t("bundle.import.title")}
      width={560}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          {found === null ? (
            <LookButton disabled={path.trim() === ""} busy={inspect.isPending} onClick={look} />
          ) : (
            <Button
              variant="primary"
              disabled={!known && !compared}
              busy={starting && t("bundle.import.running")}
              onClick={() => take(found)}
            >
              {t("bundle.import.confirm")}
            </Button>
          )}
        </>
      }
    >
      <PathField label={t("bundle.path")} value={path} onChange={change} />
      {inspect.error !== null && <Refusal error={inspect.error} />}
      {found && (
        <>
          <Maker found={found} />
          {!known && <Compared on={compared} onChange={setCompared} />}
          <Contents found={found} />
        </>
      )}
      {job && <JobProgress job={job} words={t("bundle.import.running")} onStop={stop} />}
    </Dialog>
  );
}

function Refusal({ error }: { error: unknown }) {
  const { title, body } = describeError(toErrorData(error), useText());
  return (
    <Banner tone="danger" title={title}>
      {body}
    </Banner>
  );
}

function LookButton({ disabled, busy, onClick }: { disabled: boolean; busy: boolean; onClick: () => void }) {
  const { t } = useText();
  return (
    <Button variant="primary" disabled={disabled} busy={busy && t("bundle.import.looking")} onClick={onClick}>
      {t("bundle.import.look")}
    </Button>
  );
}

function Compared({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  const { t } = useText();
  return (
    <label className="row g8">
      <input type="checkbox" checked={on} onChange={() => onChange(!on)} />
      <span>{t("bundle.import.trust")}</span>
    </label>
  );
}

function Maker({ found }: { found: BundleInspection }) {
  const { t, format } = useText();
  const trust = found.own ? "own" : found.trusted ? "trusted" : "unknown";
  return (
    <div className="col g8">
      <Fingerprint label={t("bundle.fingerprint")} value={found.fingerprint} />
      <div className="row g8">
        <Badge tone={trust === "unknown" ? "warn" : "ok"}>{t(`bundle.trust.${trust}`)}</Badge>
        <span className="t12 ink3">
          {t("bundle.madeAt", { date: format.dateTime(found.createdAt), version: found.madeWith })}
        </span>
      </div>
      {trust === "unknown" && <p className="help">{t("bundle.compare")}</p>}
    </div>
  );
}
