import { useEffect, useRef } from "react";
import { useBridge } from "../app/client-context.tsx";
import { matchesKeys } from "./key-combo.ts";
import { keysOf, type ShortcutId } from "./shortcuts.ts";

export type ShortcutHandlers = Partial<Record<ShortcutId, () => void>>;

/** The keys of a command, as they are shown. */
export function useShortcutKeys(): (id: ShortcutId) => string {
  const inBrowser = useBridge() === undefined;
  return (id) => keysOf(id, { inBrowser });
}

/** Listens in the whole window. What a control has handled itself, and what an input method is composing, stays there. */
export function useShortcuts(handlers: ShortcutHandlers): void {
  const inBrowser = useBridge() === undefined;
  const current = useRef(handlers);
  useEffect(() => {
    current.current = handlers;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      for (const [id, run] of Object.entries(current.current) as [ShortcutId, () => void][]) {
        const keys = keysOf(id, { inBrowser });
        if (!matchesKeys(keys, event)) continue;
        if (keys.length === 1 && isTyping(event.target)) continue;
        event.preventDefault();
        run();
        return;
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [inBrowser]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
