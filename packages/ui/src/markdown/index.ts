import "./markdown.css";

export { type CopyState, copyText, useCopy } from "./copy-text.ts";
export { OpenAddressContext } from "./link/open-address.ts";
export { Markdown, type MarkdownProps } from "./render/markdown.tsx";
