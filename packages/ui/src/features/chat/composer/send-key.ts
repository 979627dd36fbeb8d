export interface ComposerKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** An input method is composing: its Enter chooses a word. */
  readonly isComposing: boolean;
  /** 229 while an input method composes, in browsers that end the composition before the key. */
  readonly keyCode: number;
}

/** Whether a key sends the message. Shift+Enter never does. */
export function isSendKey(event: ComposerKey, setting: "enter" | "ctrl-enter"): boolean {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return false;
  if (event.shiftKey || event.altKey) return false;
  const command = event.ctrlKey || event.metaKey;
  return setting === "enter" ? !command : command;
}
