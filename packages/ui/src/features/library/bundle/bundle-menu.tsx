import { useState } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Menu } from "../../../primitives/index.ts";
import { ExportDialog } from "./export-dialog.tsx";
import { ImportDialog } from "./import-dialog.tsx";

/** One file for computers without a network: out of here, or in. */
export function BundleMenu() {
  const { t } = useText();
  const [open, setOpen] = useState<"export" | "import" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Menu
        align="end"
        trigger={<Button size="sm">{t("bundle.menu")}</Button>}
        items={[
          { label: t("bundle.exportEntry"), onSelect: () => setOpen("export") },
          { label: t("bundle.importEntry"), onSelect: () => setOpen("import") },
        ]}
      />
      {open === "export" && <ExportDialog onClose={close} />}
      {open === "import" && <ImportDialog onClose={close} />}
    </>
  );
}
