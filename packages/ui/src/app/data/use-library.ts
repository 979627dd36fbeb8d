import type {
  CanaryReport,
  CataloguePage,
  FitReport,
  GgufFacts,
  HubComparison,
  HubHit,
  HubInfo,
  HubRepository,
  LibraryStorage,
  VerifyReport,
} from "@deskside/contract";
import { useMutation, useQueries, useQuery } from "@tanstack/react-query";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";
import { useErrorToast } from "../use-error-toast.ts";
import type { Asked } from "./use-hardware.ts";

/** The whole catalogue with what each file would take here. Needs no network; filtered where it is shown. */
export function useCatalogue(): Asked<CataloguePage> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.catalogue,
    queryFn: ({ signal }) => client.library.catalogue({}, { signal }),
  });
  return { data: data ?? null, error };
}

/** Where models can come from, in the order of the settings. */
export function useHubs(): Asked<readonly HubInfo[]> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.hubs,
    queryFn: ({ signal }) => client.library.hubs(undefined, { signal }),
  });
  return { data: data ?? null, error };
}

/** What lies on the disk: models with their versions, the trash, the folders. */
export function useStorage(): Asked<LibraryStorage> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.storage,
    queryFn: ({ signal }) => client.library.storage(undefined, { signal }),
  });
  return { data: data ?? null, error };
}

export interface Search<T> extends Asked<T> {
  readonly pending: boolean;
  retry(): void;
}

/** Asks a hub over the network; only for a query that was entered (null asks nothing). */
export function useHubSearch(query: string | null, hub: string | null): Search<readonly HubHit[]> {
  const client = useClient();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: queryKeys.hubSearch(query ?? "", hub),
    queryFn: ({ signal }) => client.library.search({ query: query ?? "", hub }, { signal }),
    enabled: query !== null,
    retry: false,
  });
  return { data: data ?? null, error, pending: isFetching, retry: () => void refetch() };
}

/** The files of a repository, asked over the network; null asks nothing. */
export function useHubRepository(repo: string | null, hub: string | null): Search<HubRepository> {
  const client = useClient();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: queryKeys.hubRepository(repo ?? "", hub),
    queryFn: ({ signal }) => client.library.describe({ repo: repo ?? "", hub }, { signal }),
    enabled: repo !== null,
    retry: false,
  });
  return { data: data ?? null, error, pending: isFetching, retry: () => void refetch() };
}

/** What the file of an installed model says about itself; null asks nothing. */
export function useModelFacts(modelId: string | null): Asked<GgufFacts> {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: queryKeys.modelFacts(modelId ?? ""),
    queryFn: ({ signal }) => client.library.facts({ modelId: modelId ?? "" }, { signal }),
    enabled: modelId !== null,
    retry: false,
  });
  return { data: data ?? null, error };
}

/** What a file on a hub says about itself: its head is fetched. Null asks nothing. */
export function useRemoteFacts(input: { repo: string; file: string; hub: string | null } | null): Asked<GgufFacts> {
  const client = useClient();
  const { repo, file, hub } = input ?? { repo: "", file: "", hub: null };
  const { data, error } = useQuery({
    queryKey: queryKeys.remoteFacts(repo, file, hub),
    queryFn: ({ signal }) => client.library.remoteFacts({ repo, file, hub }, { signal }),
    enabled: input !== null,
    retry: false,
  });
  return { data: data ?? null, error };
}

export interface HubComparing extends Asked<HubComparison> {
  readonly pending: boolean;
  compare(question: { repo: string; revision: string | null; file: string | null }): void;
}

/** Measures every hub over the network, each time it is asked to. */
export function useHubComparison(): HubComparing {
  const client = useClient();
  const { data, error, isPending, mutate } = useMutation({
    mutationFn: (question: Parameters<HubComparing["compare"]>[0]) => client.library.compareHubs(question),
  });
  return { data: data ?? null, error, pending: isPending, compare: (question) => mutate(question) };
}

/** How files of the catalogue would be put on this machine at one context size, by `model:quantization`. */
export function useCatalogueFits(
  models: readonly string[],
  contextSize: number | null,
): ReadonlyMap<string, FitReport | null> {
  const client = useClient();
  const results = useQueries({
    queries: models.map((model) => ({
      queryKey: queryKeys.fitAt(model, contextSize),
      queryFn: ({ signal }: { signal: AbortSignal }) => client.hardware.fit({ model, contextSize }, { signal }),
      retry: false,
    })),
  });
  return new Map(models.map((model, index) => [model, results[index]?.data ?? null]));
}

/** Called also when whoever asked is gone from the screen by then: some of it takes minutes. */
export interface StoreResults {
  readonly removed?: (modelId: string) => void;
  readonly verified?: (report: VerifyReport) => void;
  readonly tested?: (report: CanaryReport) => void;
  readonly moved?: () => void;
  readonly versionChanged?: () => void;
}

/** What is done to models on the disk; refusals are told in toasts. The backend's events refresh what is shown. */
export function useStoreCommands(results: StoreResults = {}) {
  const client = useClient();
  const onError = useErrorToast();
  const remove = useMutation({
    mutationFn: (modelId: string) => client.library.remove({ modelId }),
    onError,
    onSuccess: (_, modelId) => results.removed?.(modelId),
  });
  const restore = useMutation({ mutationFn: (trashId: string) => client.library.restore({ id: trashId }), onError });
  const restoreModel = useMutation({
    mutationFn: async (modelId: string) => {
      const { trash } = await client.library.storage();
      const gone = trash.find((one) => one.modelId === modelId);
      if (gone) await client.library.restore({ id: gone.id });
    },
    onError,
  });
  const emptyTrash = useMutation({ mutationFn: () => client.library.emptyTrash({}), onError });
  const importPath = useMutation({ mutationFn: (path: string) => client.library.importPath({ path }), onError });
  const verify = useMutation({
    mutationFn: (modelId: string) => client.library.verify({ modelId }),
    onError,
    onSuccess: (report) => results.verified?.(report),
  });
  const trial = useMutation({
    mutationFn: (modelId: string) => client.library.test({ modelId }),
    onError,
    onSuccess: (report) => results.tested?.(report),
  });
  const move = useMutation({
    mutationFn: (input: { modelId: string; folder: string }) => client.library.move(input),
    onError,
    onSuccess: () => results.moved?.(),
  });
  const useVersion = useMutation({
    mutationFn: (input: { modelId: string; version: string | null }) => client.library.useVersion(input),
    onError,
    onSuccess: () => results.versionChanged?.(),
  });
  const pin = useMutation({
    mutationFn: (input: { modelId: string; pinned: boolean }) => client.library.pin(input),
    onError,
  });
  return { pin, remove, restore, restoreModel, emptyTrash, importPath, verify, trial, move, useVersion };
}
