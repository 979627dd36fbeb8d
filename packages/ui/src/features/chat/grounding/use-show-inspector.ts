import { useLayoutStore } from "../../../app/client-context.tsx";
import { useSetting } from "../../../app/use-settings.ts";
import { useWindowMode } from "../../frame/window-mode.ts";

/** Opens the inspector beside the chat, or over it in a narrow window. */
export function useShowInspector(): () => void {
  const actions = useLayoutStore((state) => state.actions);
  const mode = useWindowMode(useSetting("general.zoom"));
  return () => (mode === "wide" ? actions.setOpen("chat", "inspector", true) : actions.setOverlay("inspector"));
}
