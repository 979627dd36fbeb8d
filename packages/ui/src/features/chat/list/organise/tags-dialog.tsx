import type { Chat } from "@deskside/contract";
import { useEffect, useState } from "react";
import { useText } from "../../../../i18n/use-text.ts";
import { Button, Dialog, Icon, type IconName } from "../../../../primitives/index.ts";
import { WordField } from "./word-field.tsx";

export interface TagsDialogProps {
  chat: Chat | null;
  /** Tags of other chats, offered first. */
  known: readonly string[];
  onClose: () => void;
  onSave: (chat: Chat, tags: readonly string[]) => void;
}

const mostTags = 20;
const longestTag = 40;

/** The words a chat is found by beside its title. */
export function TagsDialog({ chat, known, onClose, onSave }: TagsDialogProps) {
  const { t } = useText();
  const [tags, setTags] = useState<readonly string[]>([]);
  const [word, setWord] = useState("");
  useEffect(() => {
    setTags(chat?.tags ?? []);
    setWord("");
  }, [chat]);
  const withWord = (): readonly string[] => {
    const tag = word.trim().slice(0, longestTag);
    return tag === "" || tags.includes(tag) || tags.length >= mostTags ? tags : [...tags, tag];
  };
  const offered = known.filter((tag) => !tags.includes(tag)).slice(0, 12);
  return (
    <Dialog
      open={chat !== null}
      onOpenChange={(next) => !next && onClose()}
      title={t("chat.list.tagTitle", { title: chat?.title || t("chat.newChat") })}
      width={400}
      actions={
        <>
          <Button onClick={onClose}>{t("chat.list.cancel")}</Button>
          <Button variant="primary" onClick={() => chat && onSave(chat, withWord())}>
            {t("chat.list.saveTags")}
          </Button>
        </>
      }
    >
      {tags.length > 0 && (
        <Chips
          label={t("chat.list.tags")}
          words={tags}
          icon="close"
          nameOf={(tag) => t("chat.list.removeTag", { tag })}
          onChoose={(tag) => setTags(tags.filter((one) => one !== tag))}
        />
      )}
      <WordField
        label={t("chat.list.newTag")}
        hint={t("chat.list.newTagHint")}
        value={word}
        maxLength={longestTag}
        onChange={setWord}
        onSubmit={() => {
          setTags(withWord());
          setWord("");
        }}
      />
      {offered.length > 0 && (
        <Chips
          label={t("chat.list.knownTags")}
          words={offered}
          icon="plus"
          nameOf={(tag) => tag}
          onChoose={(tag) => setTags([...tags, tag])}
        />
      )}
    </Dialog>
  );
}

function Chips(props: {
  label: string;
  words: readonly string[];
  icon: IconName;
  nameOf: (word: string) => string;
  onChoose: (word: string) => void;
}) {
  const { label, words, icon, nameOf, onChoose } = props;
  return (
    <div className="row g4 wrap" role="group" aria-label={label}>
      {words.map((word) => (
        <button key={word} type="button" className="chip" aria-label={nameOf(word)} onClick={() => onChoose(word)}>
          {word}
          <Icon name={icon} size={12} />
        </button>
      ))}
    </div>
  );
}
