import { useText } from "../../i18n/use-text.ts";
import { ShortcutTables } from "../shortcuts/shortcut-tables.tsx";

export function ShortcutsSection() {
  const { t } = useText();
  return (
    <>
      <ShortcutTables />
      <p className="help">{t("shell.shortcuts.browserNote")}</p>
    </>
  );
}
