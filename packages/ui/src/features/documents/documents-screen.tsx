import { useNavigationStore } from "../../app/client-context.tsx";
import { homeRoute } from "../../app/routes.ts";
import { useText } from "../../i18n/use-text.ts";
import { Button } from "../../primitives/index.ts";
import { EmptyView } from "../frame/empty-view.tsx";

export function DocumentsScreen() {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  return (
    <>
      <div className="head">
        <h1>{t("shell.documents.title")}</h1>
      </div>
      <div className="scroll">
        <EmptyView icon="documents" title={t("shell.documents.headline")} body={t("shell.documents.body")}>
          <Button onClick={() => open(homeRoute)}>{t("shell.documents.openChat")}</Button>
        </EmptyView>
      </div>
    </>
  );
}
