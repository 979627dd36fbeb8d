export { ReadError } from "./document/document-schemas.ts";
export { readDocument } from "./read/read-document.ts";
export { runParserProcess } from "./worker/run-parser-process.ts";
