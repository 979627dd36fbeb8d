import { useSetting } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { sendKeys } from "../../../keyboard/shortcuts.ts";
import { Icon, Tooltip } from "../../../primitives/index.ts";

/** It stays in the Tab order when there is nothing to send, so that the focus is never lost. */
export function SendButton({ enabled, onSend }: { enabled: boolean; onSend: () => void }) {
  const { t } = useText();
  const setting = useSetting("general.sendKey");
  return (
    <Tooltip text={t("chat.composer.send")} shortcut={sendKeys(setting).send} side="top">
      <button
        type="button"
        className={enabled ? "send" : "send off"}
        aria-label={t("chat.composer.send")}
        aria-disabled={!enabled}
        onClick={onSend}
      >
        <Icon name="arrow-up" />
      </button>
    </Tooltip>
  );
}

export function StopButton({ onStop }: { onStop: () => void }) {
  const { t } = useText();
  return (
    <Tooltip text={t("chat.composer.stop")} shortcut="Escape" side="top">
      <button type="button" className="send stop" aria-label={t("chat.composer.stop")} onClick={onStop}>
        <Icon name="stop" filled />
      </button>
    </Tooltip>
  );
}
