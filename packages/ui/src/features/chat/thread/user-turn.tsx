import { utf8Length } from "@deskside/base";
import type { Message } from "@deskside/contract";
import { memo, useState } from "react";
import { languageTag } from "../../../markdown/index.ts";
import { useText } from "../../../i18n/use-text.ts";

/** Longer turns are folded: a pasted file must not push the answer out of reach. */
const foldedLength = 2_400;

/** What the user wrote, as they wrote it. */
export const UserTurn = memo(function UserTurn({ message }: { message: Message }) {
  const { t, format } = useText();
  const [whole, setWhole] = useState(false);
  const long = message.text.length > foldedLength;
  return (
    <article className="turn-user" aria-label={t("chat.thread.you")}>
      <div className="user-text" lang={languageTag(message.text)}>
        {long && !whole ? `${message.text.slice(0, foldedLength)}…` : message.text}
      </div>
      {long && (
        <button type="button" className="link t12" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole
            ? t("chat.thread.showLess")
            : t("chat.thread.showAll", { size: format.fileSize(utf8Length(message.text)) })}
        </button>
      )}
    </article>
  );
});
