import type { BundleInspection, BundleJob, BundleResult } from "@deskside/contract";
import { type Text, useText } from "../../../i18n/use-text.ts";
import { Badge, Button, ProgressBar } from "../../../primitives/index.ts";

export function PathField(props: { label: string; value: string; onChange: (path: string) => void }) {
  return (
    <label className="col g4">
      <span className="label">{props.label}</span>
      <span className="field">
        <input className="grow mono" value={props.value} onChange={(event) => props.onChange(event.target.value)} />
      </span>
    </label>
  );
}

/** In groups of four, so that two people can read it to each other. */
export function Fingerprint({ label, value }: { label: string; value: string }) {
  return (
    <div className="col g4">
      <span className="label">{label}</span>
      <code className="mono t12 bundle-fingerprint">{value}</code>
    </div>
  );
}

export function JobProgress({ job, words, onStop }: { job: BundleJob; words: string; onStop: () => void }) {
  const { t, format } = useText();
  const { doneBytes, totalBytes, current } = job;
  return (
    <div className="col g4" role="group" aria-label={words}>
      <ProgressBar value={totalBytes === 0 ? null : doneBytes / totalBytes} label={words} />
      <div className="row g8 t12 ink3">
        <span className="grow clip">{current ?? words}</span>
        <span className="nowrap">
          {t("bundle.progress", { done: format.bytes(doneBytes), total: format.bytes(totalBytes) })}
        </span>
        <Button size="sm" onClick={onStop}>
          {t("bundle.stop")}
        </Button>
      </div>
    </div>
  );
}

export function Contents({ found }: { found: BundleInspection }) {
  const { t, format } = useText();
  const lines = [
    ...(found.settings > 0 ? [t("bundle.settings", { count: found.settings })] : []),
    ...(found.catalogue === null ? [] : [t("bundle.catalogue", { date: found.catalogue })]),
    ...found.unknown.map(({ role, entries }) => t("bundle.unknownRole", { role, count: entries })),
  ];
  return (
    <section className="col g4" aria-labelledby="bundle-contents">
      <h3 className="label" id="bundle-contents">
        {t("bundle.contents")}
      </h3>
      <ul className="lib-lines scroll-lines">
        {found.models.map(({ name, quantization, licence, sizeBytes, adapters, present }) => (
          <li key={`${name} ${quantization} ${sizeBytes}`} className="row g12">
            <span className="grow clip">{name}</span>
            <span className="t12 ink3 nowrap">
              {[quantization, licence].filter(Boolean).join(t("common.listComma"))}
            </span>
            {adapters > 0 && <span className="t12 ink3 nowrap">{t("bundle.adapters", { count: adapters })}</span>}
            <span className="t12 ink3 nowrap">{format.bytes(sizeBytes)}</span>
            {present && <Badge tone="ok">{t("bundle.here")}</Badge>}
          </li>
        ))}
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="help">
        {t("bundle.space", { needed: format.bytes(found.neededBytes), free: format.bytes(found.freeBytes) })}
      </p>
    </section>
  );
}

/** What was left out, in lines for a message; undefined = nothing. */
export function skippedWords({ skipped }: BundleResult, { t }: Text): string | undefined {
  if (skipped.length === 0) return undefined;
  return skipped.map(({ what, reason }) => t(`bundle.skipped.${reason}`, { what })).join("\n");
}
