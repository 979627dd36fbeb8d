export { hostileEmail } from "./email/hostile-email.ts";
export type { HostileFile } from "./hostile-file.ts";
export { buildOverlappingZip, buildZip, type ZipPart } from "./office/build-zip.ts";
export { hostileArchives } from "./office/hostile-archives.ts";
export { hostileOffice, hostileReferences } from "./office/hostile-office.ts";
export { buildDocx, buildPptx, buildXlsx, docx, pptx } from "./office/office-files.ts";
export { buildEpub, buildOpenDocument } from "./office/open-files.ts";
export { hostileText } from "./text/hostile-text.ts";
export { hostileWeb } from "./web/hostile-web.ts";
