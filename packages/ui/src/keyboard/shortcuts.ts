/** Every key that the product listens for, in one table: the listeners, the menus and the sheet read it. */
export interface ShortcutDefinition {
  readonly keys: string;
  /** In a browser tab, where the browser keeps `keys` for itself. */
  readonly browserKeys?: string;
  readonly group: "general" | "panes" | "chat";
}

const definitions = {
  palette: { keys: "Mod+K", group: "general" },
  newChat: { keys: "Mod+N", browserKeys: "Alt+N", group: "general" },
  switchModel: { keys: "Mod+M", group: "general" },
  goChat: { keys: "Mod+1", browserKeys: "Alt+1", group: "general" },
  goLibrary: { keys: "Mod+2", browserKeys: "Alt+2", group: "general" },
  goDocuments: { keys: "Mod+3", browserKeys: "Alt+3", group: "general" },
  goMonitor: { keys: "Mod+4", browserKeys: "Alt+4", group: "general" },
  goSettings: { keys: "Mod+5", browserKeys: "Alt+5", group: "general" },
  theme: { keys: "Mod+Shift+L", group: "general" },
  sheet: { keys: "?", group: "general" },
  toggleList: { keys: "Mod+B", group: "panes" },
  toggleInspector: { keys: "Mod+I", group: "panes" },
  nextPane: { keys: "F6", group: "panes" },
  previousPane: { keys: "Shift+F6", group: "panes" },
  back: { keys: "Alt+ArrowLeft", group: "panes" },
  forward: { keys: "Alt+ArrowRight", group: "panes" },
  focusSearch: { keys: "/", group: "panes" },
  send: { keys: "Enter", group: "chat" },
  newLine: { keys: "Shift+Enter", group: "chat" },
  stop: { keys: "Escape", group: "chat" },
  renameChat: { keys: "F2", group: "chat" },
} as const satisfies Record<string, ShortcutDefinition>;

export const shortcuts: Readonly<Record<ShortcutId, ShortcutDefinition>> = definitions;
export type ShortcutId = keyof typeof definitions;
export const shortcutIds = Object.keys(definitions) as ShortcutId[];

/** The keys of a command in this shell. In a browser some keys open windows and tabs whatever a page wants. */
export function keysOf(id: ShortcutId, shell: { inBrowser: boolean }): string {
  const { keys, browserKeys } = shortcuts[id];
  return shell.inBrowser ? (browserKeys ?? keys) : keys;
}

/** The same for the two keys that a setting can swap. */
export function sendKeys(setting: "enter" | "ctrl-enter"): { send: string; newLine: string } {
  return setting === "enter" ? { send: "Enter", newLine: "Shift+Enter" } : { send: "Mod+Enter", newLine: "Enter" };
}
