import { useErrorToast } from "../../app/use-error-toast.ts";
import { useText } from "../../i18n/use-text.ts";
import { Button, toast } from "../../primitives/index.ts";

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useText();
  const showError = useErrorToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast({ tone: "ok", text: t("common.copied") });
    } catch (error) {
      showError(error);
    }
  };
  return (
    <Button size="sm" icon="copy" onClick={() => void copy()}>
      {label}
    </Button>
  );
}
