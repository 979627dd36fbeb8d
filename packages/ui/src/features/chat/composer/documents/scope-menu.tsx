import { newChatDraft, type Scope } from "@deskside/contract";
import { useNavigationStore } from "../../../../app/client-context.tsx";
import { useCollections } from "../../../../app/data/use-knowledge.ts";
import { useText } from "../../../../i18n/use-text.ts";
import { Icon, Menu, type MenuEntry } from "../../../../primitives/index.ts";
import { documentsHome } from "../../../documents/document-routes.ts";
import { useChatWindowStore } from "../../state/use-chat-session.ts";

/** What the next message is looked up in. */
export function ScopeMenu({ chatId }: { chatId: string | null }) {
  const { t } = useText();
  const chatKey = chatId ?? newChatDraft;
  const scope = useChatWindowStore((state) => state.scopes[chatKey] ?? null);
  const setScope = useChatWindowStore((state) => state.actions.setScope);
  const { open } = useNavigationStore((state) => state.actions);
  const collections = useCollections() ?? [];
  const choose = (next: Scope | null) => setScope(chatKey, next);
  const chosen = scope?.kind === "collections" ? scope.ids : [];
  const toggle = (id: string) => {
    const ids = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
    choose(ids.length === 0 ? null : { kind: "collections", ids });
  };
  const items: MenuEntry[] = [
    { heading: t("knowledge.scope.title") },
    { label: t("knowledge.scope.none"), checked: scope === null, onSelect: () => choose(null) },
    ...(chatId === null
      ? []
      : [
          {
            label: t("knowledge.scope.chat"),
            checked: scope?.kind === "chat",
            onSelect: () => choose({ kind: "chat" }),
          },
        ]),
    ...collections.map(({ id, name }) => ({ label: name, checked: chosen.includes(id), onSelect: () => toggle(id) })),
    ...(collections.length > 1
      ? [
          {
            label: t("knowledge.scope.everything"),
            checked: scope?.kind === "everything",
            onSelect: () => choose({ kind: "everything" }),
          },
        ]
      : []),
    { divider: true },
    { label: t("knowledge.scope.manage"), icon: "documents", onSelect: () => open(documentsHome) },
  ];
  const name = useScopeName(scope);
  return (
    <Menu
      side="top"
      items={items}
      trigger={
        <button type="button" className="tool" aria-label={`${t("knowledge.scope.title")}: ${name}`}>
          <Icon name="book" size={14} />
          <b className="clip">{name}</b>
          <Icon name="chevron-down" size={12} />
        </button>
      }
    />
  );
}

function useScopeName(scope: Scope | null): string {
  const { t } = useText();
  const collections = useCollections() ?? [];
  if (scope === null) return t("knowledge.scope.none");
  if (scope.kind === "chat") return t("knowledge.scope.chat");
  if (scope.kind === "everything") return t("knowledge.scope.everything");
  const [only] = scope.ids;
  const name = collections.find(({ id }) => id === only)?.name;
  return scope.ids.length === 1 && name !== undefined
    ? name
    : t("knowledge.scope.several", { count: scope.ids.length });
}
