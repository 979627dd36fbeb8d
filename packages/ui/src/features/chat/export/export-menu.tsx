import type { Grounding, Message } from "@deskside/contract";
import { saveBlob, saveText } from "../../../app/save-text.ts";
import { useText } from "../../../i18n/use-text.ts";
import { IconButton, Menu, toast } from "../../../primitives/index.ts";

/** Takes an answer with the sentences it stands on out of the app. What writes the files is fetched when it is asked. */
export function ExportMenu({ message, grounding }: { message: Message; grounding: Grounding }) {
  const text = useText();
  const { t } = text;
  const run = (write: (tools: typeof import("./index.ts")) => Promise<void> | void) => () => {
    import("./index.ts").then(write).catch(() => toast({ tone: "danger", text: t("chat.export.failed") }));
  };
  const prepare = (tools: typeof import("./index.ts")) => {
    const answer = tools.citedAnswer(grounding.retrieval.question, message, grounding);
    return { answer, words: tools.exportWords(text, answer), name: tools.fileNameOf(answer.question) };
  };
  return (
    <Menu
      trigger={<IconButton icon="upload" size="xs" label={t("chat.export.action")} />}
      items={[
        {
          label: t("chat.export.markdown"),
          icon: "download",
          onSelect: run((tools) => {
            const { answer, words, name } = prepare(tools);
            saveText(`${name}.md`, tools.writeMarkdown(answer, message, grounding.statements, words), "text/markdown");
          }),
        },
        {
          label: t("chat.export.docx"),
          icon: "file",
          onSelect: run(async (tools) => {
            const { answer, words, name } = prepare(tools);
            saveBlob(`${name}.docx`, await tools.writeDocx(answer, words));
          }),
        },
        {
          label: t("chat.export.pdf"),
          icon: "documents",
          onSelect: run((tools) => {
            const { answer, words } = prepare(tools);
            tools.printAnswer(answer, words);
          }),
        },
      ]}
    />
  );
}
