import type { ChatFilter } from "@deskside/contract";
import { useText } from "../../../../i18n/use-text.ts";
import { IconButton, Menu, type MenuEntry } from "../../../../primitives/index.ts";
import { useFolders } from "../../hooks/use-folders.ts";
import { useModels } from "../../../../app/data/use-models.ts";

export interface FilterMenuProps {
  filter: ChatFilter;
  /** Tags of all chats. */
  tags: readonly string[];
  onChange: (filter: ChatFilter) => void;
}

const dayMs = 86_400_000;
const spans = [7, 30, 365] as const;

/** What narrows the list: time, folder, tag, model, documents, the archive. */
export function FilterMenu({ filter, tags, onChange }: FilterMenuProps) {
  const { t } = useText();
  const folders = useFolders() ?? [];
  const models = useModels() ?? [];
  const active = Object.keys(filter).length > 0;
  /** One value of a field on or off. */
  const entry = <K extends keyof ChatFilter>(label: string, key: K, value: NonNullable<ChatFilter[K]>): MenuEntry => ({
    label,
    checked: filter[key] === value,
    onSelect: () => {
      const { [key]: before, ...rest } = filter;
      onChange(before === value ? rest : { ...rest, [key]: value });
    },
  });
  const items: MenuEntry[] = [
    ...(active ? [{ label: t("chat.filter.clear"), onSelect: () => onChange({}) }, { divider: true as const }] : []),
    entry(t("chat.filter.documents"), "withDocuments", true),
    entry(t("chat.filter.archived"), "archived", true),
    { heading: t("chat.filter.time") },
    ...spans.map((days) => {
      const since = startOfToday() - (days - 1) * dayMs;
      return entry(t("chat.filter.days", { count: days }), "from", since);
    }),
    ...(folders.length > 0 ? [{ heading: t("chat.list.folders") }] : []),
    ...folders.map(({ id, name }) => entry(name, "folderId", id)),
    ...(tags.length > 0 ? [{ heading: t("chat.list.tags") }] : []),
    ...tags.map((tag) => entry(tag, "tag", tag)),
    ...(models.length > 0 ? [{ heading: t("chat.filter.model") }] : []),
    ...models.map(({ id, name }) => entry(name, "modelId", id)),
  ];
  return (
    <Menu
      trigger={<IconButton icon="filter" label={t("chat.filter.title")} pressed={active} />}
      align="end"
      items={items}
    />
  );
}

function startOfToday(): number {
  const date = new Date();
  date.setHours(0, 0, 0, 0);
  return date.getTime();
}
