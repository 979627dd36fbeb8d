import { isCancellation } from "@deskside/base";
import { useCallback } from "react";
import { describeError, type ErrorActionKind, toErrorData } from "../i18n/describe-error.ts";
import { useText } from "../i18n/use-text.ts";
import { toast } from "../primitives/toast.tsx";
import { useNavigationStore } from "./client-context.tsx";
import type { Route } from "./routes.ts";

/** Where an error is mended, for those that are mended in the settings. */
const places: Partial<Record<ErrorActionKind, Route>> = {
  "open-network": { section: "settings", id: "network" },
};

/** Shows an error of a call in the user's language. What was cancelled on purpose is never shown. */
export function useErrorToast(): (error: unknown) => void {
  const text = useText();
  const open = useNavigationStore((state) => state.actions.open);
  return useCallback(
    (error: unknown) => {
      if (isCancellation(error)) return;
      const { title, body, action } = describeError(toErrorData(error), text);
      const place = action && places[action.kind];
      toast({
        ...{ tone: "danger", text: title, detail: body },
        ...(place ? { action: { label: action.label, run: () => open(place) } } : {}),
      });
    },
    [text, open],
  );
}
