export { CiteContext, type CiteRendering } from "./cite/cite-context.ts";
export { citeTarget, type CiteTarget, withCiteMarks } from "./cite/cite-marks.ts";
export { copyText, useCopy } from "./copy-text.ts";
export { languageTag } from "./language-tag.ts";
export { Markdown } from "./render/markdown.tsx";
export { remarkWithoutHtml } from "./render/remark-plugins.ts";
