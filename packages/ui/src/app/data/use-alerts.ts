import type { AlertRule, AlertState } from "@deskside/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";
import { useErrorToast } from "../use-error-toast.ts";

/** All alerts with their newest values; null until they are known. */
export function useAlerts(): readonly AlertState[] | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.alerts,
    queryFn: ({ signal }) => client.monitor.alerts(undefined, { signal }),
  });
  return data ?? null;
}

export function useAlertCommands(): { save: (rule: AlertRule) => void; remove: (id: string) => void } {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const onSuccess = (alerts: AlertState[]) => queries.setQueryData(queryKeys.alerts, alerts);
  const save = useMutation({
    mutationFn: (rule: AlertRule) => client.monitor.setAlert(rule),
    onSuccess,
    onError: showError,
  });
  const remove = useMutation({
    mutationFn: (id: string) => client.monitor.removeAlert({ id }),
    onSuccess,
    onError: showError,
  });
  return { save: save.mutate, remove: remove.mutate };
}
