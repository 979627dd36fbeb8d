import { useRef } from "react";
import { useKnowledgeCommands } from "../../../../app/data/use-knowledge.ts";
import { useText } from "../../../../i18n/use-text.ts";
import { Icon, IconButton } from "../../../../primitives/index.ts";
import { stateOf } from "../../../documents/collection/file-words.ts";
import { ScopeMenu } from "./scope-menu.tsx";
import { useAttach, useAttachments } from "./use-attach.ts";

/** Files for this chat, and what the next message is looked up in. */
export function DocumentTools({ chatId }: { chatId: string | null }) {
  return (
    <>
      <AttachButton chatId={chatId} />
      <ScopeMenu chatId={chatId} />
    </>
  );
}

/** Chooses files for this chat. */
function AttachButton({ chatId }: { chatId: string | null }) {
  const { t } = useText();
  const { attach } = useAttach(chatId);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="clip" label={t("knowledge.scope.attach")} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("knowledge.scope.attach")}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])].map((file) => ({ file, path: file.name }));
          target.value = "";
          void attach(files);
        }}
      />
    </>
  );
}

/** The files of this chat and how far they are. */
export function Attachments({ chatId }: { chatId: string | null }) {
  const text = useText();
  const { t } = text;
  const documents = useAttachments(chatId);
  const { removeDocuments } = useKnowledgeCommands();
  if (documents.length === 0) return null;
  return (
    <ul className="attachments" aria-label={t("knowledge.scope.attached", { count: documents.length })}>
      {documents.map((document) => {
        const state = stateOf(document, text);
        return (
          <li key={document.id} className="attachment" title={document.path}>
            <Icon name={state.tone === "danger" ? "warning" : "file"} size={14} />
            <span className="clip">{document.path.split("/").at(-1)}</span>
            <span className={state.tone === "danger" ? "t12 danger" : "t12 ink3"}>{state.title}</span>
            <IconButton
              icon="close"
              size="xs"
              label={`${t("knowledge.remove")}: ${document.path}`}
              onClick={() => removeDocuments.mutate([document.id])}
            />
          </li>
        );
      })}
    </ul>
  );
}
