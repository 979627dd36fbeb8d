export { citedAnswer } from "./cited-answer.ts";
export { exportWords } from "./export-words.ts";
export { fileNameOf } from "./file-name.ts";
export { printAnswer } from "./print-answer.tsx";
export { writeDocx } from "./write-docx.ts";
export { writeMarkdown } from "./write-markdown.ts";
