import type { KnowledgeDocument } from "@deskside/contract";
import { useState } from "react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useKnowledgeCommands } from "../../../app/data/use-knowledge.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, classNames, Icon, IconButton, Menu, type MenuEntry, ProgressBar } from "../../../primitives/index.ts";
import { documentRoute } from "../document-routes.ts";
import { iconOf, sizeOf, stateOf } from "./file-words.ts";
import { LocateDialog, PasswordDialog } from "./file-dialogs.tsx";

/** One file: what it is, how far it is, what can be done about it. */
export function FileRow({ document }: { document: KnowledgeDocument }) {
  const text = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const show = () => open(documentRoute({ documentId: document.id }));
  return (
    <tr>
      <td>
        <span className="row g8">
          <Icon name={iconOf(document)} size={16} className="ink2" />
          <span className="doc-name">
            <button
              type="button"
              className="source-name clip"
              title={document.path}
              disabled={document.passages === 0}
              onClick={show}
            >
              {nameOf(document)}
            </button>
            <span className="t12 ink3 clip">{sizeOf(document, text)}</span>
          </span>
        </span>
      </td>
      <td>
        <StateCell document={document} />
      </td>
      <td className="r num">{document.replaced === null ? "–" : text.format.integer(document.replaced)}</td>
      <td className="r">
        <RowActions document={document} onShow={show} />
      </td>
    </tr>
  );
}

function nameOf({ path }: KnowledgeDocument): string {
  return path.split("/").at(-1) ?? path;
}

function StateCell({ document }: { document: KnowledgeDocument }) {
  const text = useText();
  const state = stateOf(document, text);
  if (["reading", "splitting", "embedding"].includes(document.state)) {
    return (
      <span className="row g8 doc-progress">
        <ProgressBar value={document.progress} label={state.title} />
        <span>{state.title}</span>
        {document.progress !== null && <span className="ink3">{text.format.percent(document.progress)}</span>}
      </span>
    );
  }
  return (
    <span className="doc-state">
      <span className={classNames("row g6", state.tone === "danger" && "danger", state.tone === "ok" && "ok")}>
        {state.tone === "danger" && <Icon name="warning" size={14} />}
        {state.tone === "ok" && <Icon name="check" size={14} />}
        {state.title}
      </span>
      {state.detail !== null && <span className="t12 ink3">{state.detail}</span>}
    </span>
  );
}

function RowActions({ document, onShow }: { document: KnowledgeDocument; onShow: () => void }) {
  const { t } = useText();
  const { retry, removeDocuments } = useKnowledgeCommands();
  const [asking, setAsking] = useState<"password" | "place" | null>(null);
  const { id: documentId, originalPath } = document;
  const items: MenuEntry[] = [
    { label: t("knowledge.open"), icon: "eye", disabled: document.passages === 0, onSelect: onShow },
    { label: t("knowledge.readAgain"), icon: "refresh", onSelect: () => retry.mutate({ documentId, password: null }) },
    ...(originalPath === null
      ? []
      : [{ label: t("knowledge.locate"), icon: "folder" as const, onSelect: () => setAsking("place") }]),
    { label: t("knowledge.remove"), icon: "trash", danger: true, onSelect: () => removeDocuments.mutate([documentId]) },
  ];
  return (
    <>
      <span className="row g4 doc-acts">
        {document.failure?.code === "password" && (
          <Button size="sm" onClick={() => setAsking("password")}>
            {t("knowledge.enterPassword")}
          </Button>
        )}
        {document.state === "missing" && (
          <Button size="sm" onClick={() => setAsking("place")}>
            {t("knowledge.locate")}
          </Button>
        )}
        <Menu
          align="end"
          trigger={<IconButton icon="more" label={t("knowledge.actions", { file: nameOf(document) })} />}
          items={items}
        />
      </span>
      <PasswordDialog document={document} open={asking === "password"} onClose={() => setAsking(null)} />
      <LocateDialog document={document} open={asking === "place"} onClose={() => setAsking(null)} />
    </>
  );
}
