import type { HostileFile } from "../../hostile-file.ts";
import { hostilePdfContent } from "./hostile-pdf-content.ts";
import { hostilePdfFonts } from "./hostile-pdf-fonts.ts";
import { hostilePdfReferences } from "./hostile-pdf-references.ts";
import { hostilePdfStreams } from "./hostile-pdf-streams.ts";
import { hostilePdfStructure } from "./hostile-pdf-structure.ts";

/** `secretPath` is a file that must not be read. */
export function hostilePdf(secretPath: string): readonly HostileFile[] {
  return [
    ...hostilePdfStructure,
    ...hostilePdfStreams,
    ...hostilePdfContent,
    ...hostilePdfFonts,
    ...hostilePdfReferences(secretPath),
  ];
}
