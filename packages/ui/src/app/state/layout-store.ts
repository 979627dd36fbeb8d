import { z } from "zod";
import { createStore, type StoreApi } from "zustand/vanilla";
import { type Section, sections } from "../routes.ts";

/** Pixels. */
export const paneLimits = {
  list: { least: 220, most: 360, usual: 264 },
  inspector: { least: 280, most: 720, usual: 328 },
} as const;

/** Names of models and the tabs of the library take more room than titles of chats. */
const libraryListWidth = 300;

export type Pane = keyof typeof paneLimits;

const sectionLayoutSchema = z.object({
  listOpen: z.boolean(),
  inspectorOpen: z.boolean(),
  listWidth: z.number().min(paneLimits.list.least).max(paneLimits.list.most),
  inspectorWidth: z.number().min(paneLimits.inspector.least).max(paneLimits.inspector.most),
});
export type SectionLayout = z.infer<typeof sectionLayoutSchema>;

const version = 1;
const storedSchema = z.object({
  version: z.literal(version),
  sections: z.record(z.enum(sections), sectionLayoutSchema),
});

export interface LayoutState {
  sections: Readonly<Record<Section, SectionLayout>>;
  /** In narrow windows a pane lies over the content; it is never remembered. */
  overlay: Pane | null;
  actions: {
    setOpen(section: Section, pane: Pane, open: boolean): void;
    /** Pixels; kept within the limits. */
    setWidth(section: Section, pane: Pane, width: number): void;
    setOverlay(pane: Pane | null): void;
  };
}

export type LayoutStore = StoreApi<LayoutState>;

const storageKey = "deskside.layout";

/** Sizes and open panes, kept per section. What is stored and does not parse is replaced by the defaults. */
export function createLayoutStore(deps: { storage: Pick<Storage, "getItem" | "setItem"> }): LayoutStore {
  const store = createStore<LayoutState>((set) => ({
    sections: readStored(deps.storage),
    overlay: null,
    actions: {
      setOpen: (section, pane, open) =>
        set((state) => change(state, section, pane === "list" ? { listOpen: open } : { inspectorOpen: open })),
      setWidth: (section, pane, width) =>
        set((state) => {
          const value = clampWidth(pane, width);
          return change(state, section, pane === "list" ? { listWidth: value } : { inspectorWidth: value });
        }),
      setOverlay: (overlay) => set({ overlay }),
    },
  }));
  store.subscribe((state, before) => {
    if (state.sections !== before.sections) writeStored(deps.storage, state.sections);
  });
  return store;
}

export function clampWidth(pane: Pane, width: number): number {
  const { least, most } = paneLimits[pane];
  return Math.round(Math.min(most, Math.max(least, width)));
}

function change(state: LayoutState, section: Section, patch: Partial<SectionLayout>): Partial<LayoutState> {
  return { sections: { ...state.sections, [section]: { ...state.sections[section], ...patch } } };
}

function defaults(): Record<Section, SectionLayout> {
  const layout: SectionLayout = {
    listOpen: true,
    inspectorOpen: false,
    listWidth: paneLimits.list.usual,
    inspectorWidth: paneLimits.inspector.usual,
  };
  const sized = (section: Section) => (section === "library" ? { ...layout, listWidth: libraryListWidth } : layout);
  return Object.fromEntries(sections.map((section) => [section, sized(section)])) as Record<Section, SectionLayout>;
}

function readStored(storage: Pick<Storage, "getItem">): Record<Section, SectionLayout> {
  let raw: unknown;
  try {
    raw = JSON.parse(storage.getItem(storageKey) ?? "null");
  } catch {
    // Unreadable preferences are no reason to stop: the defaults hold.
    return defaults();
  }
  const parsed = storedSchema.safeParse(raw);
  return parsed.success ? { ...defaults(), ...parsed.data.sections } : defaults();
}

function writeStored(storage: Pick<Storage, "setItem">, value: LayoutState["sections"]): void {
  try {
    storage.setItem(storageKey, JSON.stringify({ version, sections: value }));
  } catch {
    // A full or forbidden storage costs the memory of pane sizes, nothing else.
  }
}
