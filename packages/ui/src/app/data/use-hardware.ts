import type { FitReport, MachineProfile, Recommendation } from "@deskside/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";
import { useErrorToast } from "../use-error-toast.ts";

export interface Asked<T> {
  /** Null until it is known. */
  readonly data: T | null;
  readonly error: unknown;
}

/** The machine as it was detected last; the first detection may take seconds. */
export function useMachine(): Asked<MachineProfile> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.machine,
    queryFn: ({ signal }) => client.hardware.profile(undefined, { signal }),
  });
  return { data: data ?? null, error };
}

/** Detects again; a failure is told in a toast and what was known stays. */
export function useDetectAgain(): { detect: () => void; detecting: boolean } {
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const { mutate, isPending } = useMutation({
    mutationFn: () => client.hardware.refresh(),
    onSuccess: (machine) => queries.setQueryData(queryKeys.machine, machine),
    onError: showError,
  });
  return { detect: () => mutate(), detecting: isPending };
}

/** What of the catalogue runs best here, best first. */
export function useRecommendations(): Asked<readonly Recommendation[]> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.recommendations,
    queryFn: ({ signal }) => client.hardware.recommendations({}, { signal }),
  });
  return { data: data ?? null, error };
}

/** How an installed model would be put on this machine. */
export function useFit(modelId: string): Asked<FitReport> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.fit(modelId),
    queryFn: ({ signal }) => client.hardware.fit({ model: modelId }, { signal }),
  });
  return { data: data ?? null, error };
}
