import { useEffect } from "react";
import { useBridge } from "../../../app/client-context.tsx";
import { matchesKeys } from "../../../keyboard/key-combo.ts";
import type { ShownChat } from "../hooks/use-chat.ts";
import type { ChatActions } from "../hooks/use-chat-actions.ts";

/** Keys of an open chat: Esc stops, Ctrl [ and ] switch versions, Ctrl R writes the last answer again. */
export function useChatKeys(shown: ShownChat, actions: ChatActions): void {
  const inApp = useBridge() !== undefined;
  useEffect(() => {
    const { branch, versions, running } = shown;
    const leaf = branch.at(-1);
    const onKey = (event: KeyboardEvent) => {
      // Menus, dialogs and fields that use Esc themselves come first.
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === "Escape" && running && !isOverlayOpen()) {
        event.preventDefault();
        return actions.stop(running);
      }
      if (running || !leaf) return;
      const beside = versions.get(leaf.id);
      const target = matchesKeys("Mod+[", event) ? beside?.previous : matchesKeys("Mod+]", event) ? beside?.next : null;
      if (target) {
        event.preventDefault();
        return actions.showVersion(target);
      }
      // In a browser these keys reload the page, and that must stay so.
      if (inApp && leaf.role === "assistant" && matchesKeys("Mod+R", event)) {
        event.preventDefault();
        actions.regenerate(leaf);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [shown, actions, inApp]);
}

function isOverlayOpen(): boolean {
  return document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"]') !== null;
}
