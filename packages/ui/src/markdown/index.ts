export { copyText, useCopy } from "./copy-text.ts";
export { languageTag } from "./language-tag.ts";
export { Markdown } from "./render/markdown.tsx";
