import { useEngineStore } from "../../../app/client-context.tsx";
import { useModelCommands, useModels } from "../../../app/data/use-models.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Dialog } from "../../../primitives/index.ts";

/** Somebody asked for another model while one answers: the answer ends first, or it is stopped. */
export function SwitchDialog() {
  const { t } = useText();
  const modelId = useEngineStore((state) => state.askedSwitch);
  const { askSwitch } = useEngineStore((state) => state.actions);
  const answering = useEngineStore((state) => state.engines?.find(({ phase }) => phase === "answering")?.model?.name);
  const name = useModels()?.find(({ id }) => id === modelId)?.name ?? modelId ?? "";
  const { loadAfter } = useModelCommands();
  const decide = (running: "finish" | "cancel") => {
    if (modelId !== null) loadAfter(modelId, running);
    askSwitch(null);
  };
  return (
    <Dialog
      alert
      open={modelId !== null}
      onOpenChange={(next) => !next && askSwitch(null)}
      title={t("library.switch.title", { model: name })}
      actions={
        <>
          <Button variant="quiet" onClick={() => askSwitch(null)}>
            {t("common.cancel")}
          </Button>
          <Button variant="danger" onClick={() => decide("cancel")}>
            {t("library.switch.cancelAnswers")}
          </Button>
          <Button variant="primary" onClick={() => decide("finish")}>
            {t("library.switch.finish")}
          </Button>
        </>
      }
    >
      <p className="ink2">{t("library.switch.body", { answering: answering ?? "", model: name })}</p>
    </Dialog>
  );
}
