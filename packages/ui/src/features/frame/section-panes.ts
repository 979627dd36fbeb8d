import type { ComponentType } from "react";
import type { Section } from "../../app/routes.ts";

/** The parts of a section; each gets the id of the route (a chat, a settings page). */
export interface SectionPanes {
  readonly list?: ComponentType<{ id: string | null }>;
  /** Whether this place has the list; by default every place of the section has it. */
  readonly hasList?: (id: string | null) => boolean;
  readonly content: ComponentType<{ id: string | null }>;
  readonly inspector?: ComponentType<{ id: string | null }>;
}

export type SectionTable = Readonly<Record<Section, SectionPanes>>;
