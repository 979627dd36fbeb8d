import type { Chat } from "@deskside/contract";
import { type ReactNode, useMemo, useState } from "react";
import { useLayoutStore, useNavigationStore } from "../../../../app/client-context.tsx";
import { useChatListActions } from "../../hooks/use-chat-list-actions.ts";
import { useOrganise } from "../../hooks/use-folders.ts";
import { useChatWindowStore } from "../../state/use-chat-session.ts";
import type { ChatRowActions } from "../rows/chat-row.tsx";
import { FolderDialog } from "./folder-dialog.tsx";
import { TagsDialog } from "./tags-dialog.tsx";

export interface RowActions {
  actions: ChatRowActions;
  newFolder: () => void;
  /** Stands somewhere in the list. */
  dialogs: ReactNode;
}

/** What rows of the list do, with the dialogs that ask for more. */
export function useRowActions(chatId: string | null, knownTags: readonly string[]): RowActions {
  const { open, replace } = useNavigationStore((state) => state.actions);
  const setOverlay = useLayoutStore((state) => state.actions.setOverlay);
  const jumpTo = useChatWindowStore((state) => state.actions.jumpTo);
  const { rename, moveToTrash } = useChatListActions();
  const organise = useOrganise();
  const [asked, setAsked] = useState<{ what: "folder" | "tags" | "new-folder"; chat: Chat | null } | null>(null);
  const actions = useMemo(
    (): ChatRowActions => ({
      open(id, messageId = null) {
        setOverlay(null);
        jumpTo(messageId === null ? null : { chatId: id, messageId });
        open({ section: "chat", id });
      },
      rename,
      moveToTrash(chat) {
        moveToTrash(chat);
        if (chat.id === chatId) replace({ section: "chat", id: null });
      },
      organise: organise.organise,
      ask: (what, chat) => setAsked({ what, chat }),
    }),
    [open, replace, setOverlay, jumpTo, rename, moveToTrash, organise, chatId],
  );
  const close = () => setAsked(null);
  return {
    actions,
    newFolder: () => setAsked({ what: "new-folder", chat: null }),
    dialogs: (
      <>
        <FolderDialog
          open={asked?.what === "folder" || asked?.what === "new-folder"}
          chat={asked?.chat ?? null}
          actions={organise}
          onClose={close}
        />
        <TagsDialog
          chat={asked?.what === "tags" ? asked.chat : null}
          known={knownTags}
          onClose={close}
          onSave={(chat, tags) => {
            organise.organise([chat.id], { tags: [...tags] });
            close();
          }}
        />
      </>
    ),
  };
}
