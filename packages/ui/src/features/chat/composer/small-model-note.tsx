import type { InstalledModel } from "@deskside/contract";
import { useText } from "../../../i18n/use-text.ts";

/** A small model says that it is one, wherever it answers. */
export function SmallModelNote({ model }: { model: InstalledModel | null }) {
  const { t } = useText();
  if (!model?.small) return null;
  return <p className="small-note t11 ink3">{t("chat.empty.small", { model: model.name })}</p>;
}
