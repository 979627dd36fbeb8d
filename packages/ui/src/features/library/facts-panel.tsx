import type { GgufFacts } from "@deskside/contract";
import { unknown } from "../../format/formats.ts";
import { type Text, useText } from "../../i18n/use-text.ts";
import { Banner } from "../../primitives/index.ts";

/** What a GGUF file says about itself. */
export function FactsPanel({ facts }: { facts: GgufFacts }) {
  const text = useText();
  const { t } = text;
  return (
    <section className="col g8" aria-label={t("library.facts.title")}>
      {facts.kind === "adapter" && <Banner tone="info">{t("library.facts.adapter")}</Banner>}
      {facts.warnings.length > 0 && (
        <Banner tone="warn">
          <ul className="lib-plain">
            {facts.warnings.map((warning) => (
              <li key={warning}>{t(`library.facts.warning.${warning}`)}</li>
            ))}
          </ul>
        </Banner>
      )}
      <dl className="lib-pairs">
        {factRows(facts, text).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {facts.chatTemplate !== null && (
        <details>
          <summary>{t("library.facts.template")}</summary>
          <pre className="lib-template">{facts.chatTemplate}</pre>
        </details>
      )}
    </section>
  );
}

function factRows(facts: GgufFacts, { t, format }: Text): readonly (readonly [string, string])[] {
  const count = (value: number | null) => (value === null ? unknown : format.integer(value));
  const types = facts.tensorTypes
    .slice(0, 4)
    .map(
      ({ type, tensors, bytes }) =>
        `${type} ${format.fileSize(bytes)} (${t("library.facts.tensors", { count: tensors })})`,
    );
  return [
    [t("library.facts.architecture"), facts.architecture],
    [t("library.facts.parameters"), t("library.model.billions", { value: format.number(facts.parameters / 1e9, 2) })],
    [t("library.model.quantization"), facts.quantization],
    [t("library.facts.context"), facts.contextSize === null ? unknown : format.compact(facts.contextSize)],
    [t("library.facts.layers"), count(facts.layers)],
    [t("library.facts.vocabulary"), count(facts.vocabularySize)],
    [t("library.facts.tokenizer"), facts.tokenizer ?? unknown],
    [t("library.facts.licence"), facts.licence ?? unknown],
    [t("library.facts.types"), types.join(t("common.listComma")) || unknown],
    ...(facts.chatTemplate === null ? [[t("library.facts.template"), t("library.facts.noTemplate")] as const] : []),
  ];
}
