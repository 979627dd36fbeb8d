import type { TextRange } from "@deskside/contract";
import { useLayoutStore } from "../../../app/client-context.tsx";
import { useShowInspector } from "../grounding/use-show-inspector.ts";
import { useChatWindowStore } from "../state/use-chat-session.ts";

/** Pixels: a line of a page stays readable. */
const readableWidth = 540;

/** Opens the page of a source beside the thread. */
export function useShowPage(): (messageId: string, source: number, range: TextRange) => void {
  const showPage = useChatWindowStore((state) => state.actions.showPage);
  const showInspector = useShowInspector();
  const width = useLayoutStore((state) => state.sections.chat.inspectorWidth);
  const { setWidth } = useLayoutStore((state) => state.actions);
  return (messageId, source, range) => {
    showPage({ messageId, source, range });
    if (width < readableWidth) setWidth("chat", "inspector", readableWidth);
    showInspector();
  };
}
