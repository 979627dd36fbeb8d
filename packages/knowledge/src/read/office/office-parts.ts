import type { ReadWarning } from "../../document/document-schemas.ts";
import type { ZipFile } from "../zip/open-zip.ts";
import { findAll, parseXml, textOf } from "./parse-xml.ts";

/** Title of the file's own properties, when somebody gave one. */
export function titleOf(zip: ZipFile): string | null {
  const name = ["docProps/core.xml", "meta.xml"].find((part) => zip.has(part));
  if (name === undefined) return null;
  const [title] = findAll(parseXml(zip.text(name)), "dc:title");
  const text = title === undefined ? "" : textOf(title).trim();
  return text === "" || text.length > 300 ? null : text;
}

/** Macros, and content the file would fetch. */
export function officeWarnings(zip: ZipFile): ReadWarning[] {
  const hasMacros = zip.names.some((name) => /vbaProject\.bin$|^Basic\//i.test(name));
  const hasExternal = zip.names.some(
    (name) =>
      name.endsWith(".rels") &&
      /TargetMode="External"[^>]*(?:image|oleObject|attachedTemplate|frame)|(?:image|oleObject|attachedTemplate|frame)[^>]*TargetMode="External"/i.test(
        zip.text(name),
      ),
  );
  return [
    ...(hasMacros ? [{ code: "macros-ignored" as const, count: 1 }] : []),
    ...(hasExternal ? [{ code: "external-content-ignored" as const, count: 1 }] : []),
  ];
}
