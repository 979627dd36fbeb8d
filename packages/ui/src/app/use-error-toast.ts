import { isCancellation } from "@deskside/base";
import { useCallback } from "react";
import { describeError, toErrorData } from "../i18n/describe-error.ts";
import { useText } from "../i18n/use-text.ts";
import { toast } from "../primitives/toast.tsx";

/** Shows an error of a call in the user's language. What was cancelled on purpose is never shown. */
export function useErrorToast(): (error: unknown) => void {
  const text = useText();
  return useCallback(
    (error: unknown) => {
      if (isCancellation(error)) return;
      const { title, body } = describeError(toErrorData(error), text);
      toast({ tone: "danger", text: title, detail: body });
    },
    [text],
  );
}
