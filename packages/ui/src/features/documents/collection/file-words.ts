import type { DocumentFormat, KnowledgeDocument } from "@deskside/contract";
import type { Text } from "../../../i18n/use-text.ts";
import type { IconName } from "../../../primitives/index.ts";

export type FileGroup = "all" | "ready" | "working" | "waiting" | "failed" | "skipped";

export const fileGroups: readonly FileGroup[] = ["all", "ready", "working", "waiting", "failed", "skipped"];

/** Which part of the table a file belongs to. */
export function groupOf({ state }: KnowledgeDocument): Exclude<FileGroup, "all"> {
  if (state === "ready" || state === "missing") return "ready";
  if (state === "failed") return "failed";
  if (state === "duplicate") return "skipped";
  return state === "waiting" ? "waiting" : "working";
}

const icons: Partial<Record<DocumentFormat, IconName>> = {
  ...{ xlsx: "table", ods: "table", csv: "table", image: "image", code: "code", html: "network", email: "chat" },
};

export function iconOf({ format, failure }: KnowledgeDocument): IconName {
  if (failure?.code === "password") return "lock";
  if (failure?.code === "scanned-without-ocr") return "ocr";
  return (format && icons[format]) ?? "file";
}

/** Pages and size, as far as they are known. */
export function sizeOf({ pages, bytes }: KnowledgeDocument, { t, format }: Text): string {
  return [...(pages === null ? [] : [t("knowledge.pages", { count: pages })]), format.fileSize(bytes)].join(
    t("common.listComma"),
  );
}

export interface FileState {
  readonly title: string;
  readonly detail: string | null;
  readonly tone: "ok" | "danger" | "warn" | "plain";
}

/** What a file's state means for the person who added it. */
export function stateOf(document: KnowledgeDocument, { t }: Text): FileState {
  const { state, failure, warnings } = document;
  if (state === "failed" && failure !== null) {
    return {
      title: t(`knowledge.failures.${failure.code}.title`),
      detail: t(`knowledge.failures.${failure.code}.hint`),
      tone: "danger",
    };
  }
  const [warning] = warnings;
  const note = warning === undefined ? null : t(`knowledge.warnings.${warning.code}`, { count: warning.count });
  if (state === "ready")
    return { title: t("knowledge.states.ready"), detail: note, tone: note === null ? "ok" : "warn" };
  if (state === "missing")
    return { title: t("knowledge.states.missing"), detail: t("knowledge.missingHint"), tone: "warn" };
  if (state === "duplicate")
    return { title: t("knowledge.states.duplicate"), detail: t("knowledge.duplicateHint"), tone: "plain" };
  return { title: t(`knowledge.states.${state}`), detail: null, tone: "plain" };
}
