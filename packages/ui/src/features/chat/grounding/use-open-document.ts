import type { Source, TextRange } from "@deskside/contract";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { documentRoute } from "../../documents/document-routes.ts";

/** Opens the viewer on the passage. */
export function useOpenDocument(): (source: Source, range: TextRange) => void {
  const { open } = useNavigationStore((state) => state.actions);
  return (source, range) => open(documentRoute({ documentId: source.documentId, passage: source.passageId, range }));
}
