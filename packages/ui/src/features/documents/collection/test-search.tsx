import type { SearchHit } from "@deskside/contract";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useClient, useNavigationStore } from "../../../app/client-context.tsx";
import { useErrorToast } from "../../../app/use-error-toast.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button } from "../../../primitives/index.ts";
import { documentRoute } from "../document-routes.ts";

/** What a question would find, without asking a model. */
export function TestSearch({ collectionId }: { collectionId: string }) {
  const { t, format } = useText();
  const client = useClient();
  const onError = useErrorToast();
  const [query, setQuery] = useState("");
  const search = useMutation({
    mutationFn: (words: string) =>
      client.knowledge.search({ scope: { kind: "collections", ids: [collectionId] }, query: words, limit: 10 }),
    onError,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (query.trim() !== "") search.mutate(query.trim());
  };
  const found = search.data;
  return (
    <section className="col g8" aria-label={t("knowledge.testSearch")}>
      <form className="row g8" onSubmit={submit}>
        <span className="field grow">
          <input
            className="grow"
            aria-label={t("knowledge.question")}
            placeholder={t("knowledge.question")}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </span>
        <Button type="submit" disabled={query.trim() === ""}>
          {t("knowledge.search")}
        </Button>
      </form>
      {found && (
        <p className="t12 ink3" role="status">
          {t("knowledge.found", { count: found.hits.length, ms: format.integer(Math.round(found.ms)) })}
          {found.vectors !== "on" && ` ${t(`chat.grounding.vectors`)}: ${t(`chat.grounding.modes.${found.vectors}`)}.`}
        </p>
      )}
      {found?.hits.map((hit) => (
        <Hit key={hit.passageId} hit={hit} />
      ))}
    </section>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const place =
    hit.page === null ? hit.document : t("chat.grounding.place", { document: hit.document, page: hit.page });
  const go = () =>
    open(
      documentRoute({ documentId: hit.documentId, passage: hit.passageId, range: { start: 0, end: hit.text.length } }),
    );
  return (
    <div className="source-card">
      <div className="row g8">
        <button type="button" className="source-name clip grow" onClick={go}>
          {place}
        </button>
        <span className="t12 ink3 num">{hit.score.toFixed(2)}</span>
      </div>
      <p className="source-text">{hit.text.length > 400 ? `${hit.text.slice(0, 400)}…` : hit.text}</p>
    </div>
  );
}
