import { type DragEvent, useRef, useState } from "react";
import { filesOfDrop, useAddFiles } from "../../../app/data/use-add-files.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, classNames, Icon } from "../../../primitives/index.ts";
import { WatchFolderDialog } from "./watch-folder-dialog.tsx";

/** Where files and folders come in: by drop, by choice, or by watching a folder. */
export function DropFiles({ collectionId }: { collectionId: string }) {
  const { t } = useText();
  const { add, left } = useAddFiles();
  const [over, setOver] = useState(false);
  const [watching, setWatching] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    // The window's own drop zone would put the files into a chat.
    event.stopPropagation();
    setOver(false);
    void filesOfDrop(event.dataTransfer).then((files) => add(collectionId, files));
  };
  return (
    <div
      className={classNames("doc-drop", over && "on")}
      data-drop="documents"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Icon name="upload" size={24} className="acc" />
      <div className="grow col g4">
        <span className="med">{t("knowledge.drop")}</span>
        <span className="t12 ink3">{t("knowledge.dropFormats")}</span>
        {left > 0 && (
          <span className="t12 acc" role="status">
            {t("knowledge.uploading", { count: left })}
          </span>
        )}
      </div>
      <Button onClick={() => input.current?.click()}>{t("knowledge.choose")}</Button>
      <Button onClick={() => setWatching(true)}>{t("knowledge.watch")}</Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("knowledge.choose")}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])].map((file) => ({ file, path: file.name }));
          target.value = "";
          void add(collectionId, files);
        }}
      />
      <WatchFolderDialog collectionId={collectionId} open={watching} onClose={() => setWatching(false)} />
    </div>
  );
}
