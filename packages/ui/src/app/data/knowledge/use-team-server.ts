import type { TeamServer } from "@deskside/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../client-context.tsx";
import { queryKeys } from "../../query-keys.ts";
import { useErrorToast } from "../../use-error-toast.ts";

/** The team's database and what is done to it; refusals are told in toasts. Null until it is known. */
export function useTeamServer() {
  const client = useClient();
  const queries = useQueryClient();
  const onError = useErrorToast();
  const { server } = client.knowledge;
  const { data } = useQuery({
    queryKey: queryKeys.teamServer,
    queryFn: ({ signal }) => server.get(undefined, { signal }),
  });
  const onSettled = () => queries.invalidateQueries({ queryKey: queryKeys.knowledge });
  const save = useMutation({
    mutationFn: (connectionString: string) => server.set({ connectionString }),
    // The cache of mutations would keep the password otherwise.
    gcTime: 0,
    onError,
    onSettled,
  });
  const remove = useMutation({ mutationFn: () => server.remove(), onError, onSettled });
  const test = useMutation({
    mutationFn: (connectionString: string | null) => server.test({ connectionString }),
    gcTime: 0,
    onError,
  });
  const known: TeamServer | null = data ?? null;
  return { server: known, save: save.mutate, remove: remove.mutate, test };
}
