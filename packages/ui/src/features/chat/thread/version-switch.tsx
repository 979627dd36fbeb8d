import type { Message } from "@deskside/contract";
import { useText } from "../../../i18n/use-text.ts";
import { IconButton } from "../../../primitives/index.ts";
import type { Versions } from "../state/branches.ts";

export interface VersionSwitchProps {
  versions: Versions;
  disabled: boolean;
  /** Its arrows have keys: it belongs to the end of the branch. */
  withKeys?: boolean;
  onShow: (message: Message) => void;
}

/** Other versions of a turn. */
export function VersionSwitch({ versions, disabled, withKeys = false, onShow }: VersionSwitchProps) {
  const { t } = useText();
  const { position, total, previous, next } = versions;
  return (
    <span className="branch" role="group" aria-label={t("chat.thread.branch", { position, total })}>
      <IconButton
        icon="chevron-left"
        size="xs"
        iconSize={12}
        label={t("chat.thread.previousBranch")}
        {...(withKeys && { shortcut: "Mod+[" })}
        disabled={disabled || !previous}
        onClick={() => previous && onShow(previous)}
      />
      {position} / {total}
      <IconButton
        icon="chevron-right"
        size="xs"
        iconSize={12}
        label={t("chat.thread.nextBranch")}
        {...(withKeys && { shortcut: "Mod+]" })}
        disabled={disabled || !next}
        onClick={() => next && onShow(next)}
      />
    </span>
  );
}
