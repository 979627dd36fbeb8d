import type { LibraryStorage } from "@deskside/contract";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { type Text, useText } from "../../../i18n/use-text.ts";
import { Banner } from "../../../primitives/index.ts";

type Folder = LibraryStorage["folders"][number];

/** What models take in each folder, and what its disk has left. */
export function DiskUse({ storage, error }: { storage: LibraryStorage | null; error: unknown }) {
  const text = useText();
  const { t } = text;
  if (storage === null) {
    if (error === null) return null;
    const { title, body } = describeError(toErrorData(error), text);
    return (
      <Banner tone="danger" title={title}>
        {body}
      </Banner>
    );
  }
  return (
    <section className="col g12" aria-label={t("library.installed.disk")}>
      {storage.folders.map((folder) => (
        <FolderUse key={folder.id} folder={folder} />
      ))}
    </section>
  );
}

function FolderUse({ folder }: { folder: Folder }) {
  const text = useText();
  const { t, format } = text;
  if (folder.problem) {
    const { title, body } = describeError(folder.problem, text);
    return (
      <Banner tone="danger" title={title}>
        {body}
      </Banner>
    );
  }
  const parts = partsOf(folder, text);
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <div className="col g8">
      <div className="row g8">
        <h2 className="t14 sb">{t("library.installed.disk")}</h2>
        <span className="mono t12 ink3 clip">{folder.path}</span>
        {folder.totalBytes !== null && <span className="t12 ink3 nowrap">{format.bytes(folder.totalBytes)}</span>}
      </div>
      {folder.freeBytes !== null && total > 0 && (
        <div className="disk-bar" role="img" aria-label={parts.map(({ words }) => words).join(t("common.listComma"))}>
          {parts.map(({ part, bytes }) => (
            <i key={part} className={part} style={{ width: `${((bytes / total) * 100).toFixed(2)}%` }} />
          ))}
        </div>
      )}
      <div className="legend">
        {parts.map(({ part, words }) => (
          <span key={part}>
            <i className={`disk-${part}`} />
            {words}
          </span>
        ))}
        {folder.freeBytes === null && <span>{t("library.installed.folderUnknown")}</span>}
      </div>
    </div>
  );
}

interface DiskPart {
  readonly part: "models" | "trash" | "other" | "free";
  readonly bytes: number;
  readonly words: string;
}

/** What the disk holds, as far as it is known; what is nothing is left out. */
function partsOf({ modelBytes, trashBytes, freeBytes, totalBytes }: Folder, { t, format }: Text): readonly DiskPart[] {
  const free = freeBytes ?? 0;
  const other = Math.max(0, (totalBytes ?? 0) - modelBytes - trashBytes - free);
  const bytes = { models: modelBytes, trash: trashBytes, other: freeBytes === null ? 0 : other, free };
  return (["models", "trash", "other", "free"] as const)
    .filter((part) => part === "models" || bytes[part] > 0)
    .map((part) => ({
      part,
      bytes: bytes[part],
      words: t(`library.installed.${part}`, { size: format.bytes(bytes[part]) }),
    }));
}
