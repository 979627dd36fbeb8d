import { useEffect, useRef, useState } from "react";
import { filesOfDrop } from "../../../app/data/use-add-files.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Icon } from "../../../primitives/index.ts";
import { useAttach } from "../composer/documents/use-attach.ts";

/** Says what will happen before files are dropped; dropped ones are attached to this chat. */
export function DropZone({ chatId }: { chatId: string | null }) {
  const { t } = useText();
  const [files, setFiles] = useState(0);
  const { attach } = useAttach(chatId);
  const latest = useRef(attach);
  latest.current = attach;

  useEffect(() => {
    // Every element on the way reports; only the sum of entering and leaving tells whether files are over the window.
    let depth = 0;
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    const onEnter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth++;
      setFiles(Math.max(1, event.dataTransfer?.items.length ?? 1));
    };
    const onOver = (event: DragEvent) => {
      // Without this the browser would leave the page and open the file.
      if (holdsFiles(event)) event.preventDefault();
    };
    const onLeave = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setFiles(0);
    };
    const onDrop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setFiles(0);
      if (event.dataTransfer) void filesOfDrop(event.dataTransfer).then((dropped) => latest.current(dropped));
    };
    window.addEventListener("dragenter", onEnter);
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragenter", onEnter);
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, []);

  if (files === 0) return null;
  return (
    <div className="drop" role="status">
      <div className="col g4 drop-words">
        <span className="acc">
          <Icon name="documents" size={24} />
        </span>
        <span className="t16 sb">{t("chat.composer.drop")}</span>
        <span className="ink2">{t("chat.composer.dropHint", { count: files })}</span>
      </div>
    </div>
  );
}
