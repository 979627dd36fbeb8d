import { useText } from "../../i18n/use-text.ts";
import { Button, Dialog } from "../../primitives/index.ts";
import { ShortcutTables } from "./shortcut-tables.tsx";

export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText();
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={t("shell.shortcuts.title")}
      width={820}
      className="sheet"
      actions={<Button onClick={onClose}>{t("common.close")}</Button>}
    >
      <ShortcutTables />
    </Dialog>
  );
}
