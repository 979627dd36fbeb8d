import { useEngineStore } from "../../../app/client-context.tsx";
import { selectEngineOf } from "../../../app/state/engine-store.ts";
import { unknown } from "../../../format/formats.ts";
import { useText } from "../../../i18n/use-text.ts";

/** What the engine that holds this model runs with. */
export function EngineParameters({ modelId }: { modelId: string | null }) {
  const { t, format } = useText();
  const engine = useEngineStore(selectEngineOf(modelId));
  if (!engine || engine.phase === "off") return <p className="t12 ink3">{t("chat.inspector.notLoaded")}</p>;
  const number = (value: number | null) => (value === null ? unknown : format.integer(value));
  const usesGpu = engine.gpu !== null && engine.gpu !== "none";
  return (
    <>
      <dl className="kv t12">
        <dt>{t("chat.inspector.sampling")}</dt>
        <dd>{t("chat.inspector.defaults")}</dd>
        <dt>{t("chat.inspector.contextSize")}</dt>
        <dd>{number(engine.contextSize)}</dd>
        <dt>{t("chat.inspector.threads")}</dt>
        <dd>{number(engine.threads)}</dd>
        <dt>{t("chat.inspector.device")}</dt>
        <dd>{usesGpu ? engine.gpu : t("chat.inspector.cpu")}</dd>
        {usesGpu && (
          <>
            <dt>{t("chat.inspector.gpuLayers")}</dt>
            <dd>{number(engine.gpuLayers)}</dd>
          </>
        )}
      </dl>
      <p className="t12 ink3 context-note">{t("chat.inspector.parametersHint")}</p>
    </>
  );
}
