import type { Collection, CollectionSettings, IngestStatus, KnowledgeDocument } from "@deskside/contract";
import { skipToken, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useClient } from "../client-context.tsx";
import { queryKeys } from "../query-keys.ts";
import { useErrorToast } from "../use-error-toast.ts";

/** By name; null until they are known. */
export function useCollections(): readonly Collection[] | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.collections,
    queryFn: ({ signal }) => client.knowledge.collections.list(undefined, { signal }),
  });
  return data ?? null;
}

export function useCollection(collectionId: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: queryKeys.collection(collectionId ?? ""),
    queryFn:
      collectionId === null
        ? skipToken
        : ({ signal }) => client.knowledge.collections.get({ collectionId }, { signal }),
  });
}

/** Failures first, then by path; null until they are known. */
export function useDocuments(collectionId: string | null): readonly KnowledgeDocument[] | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.documents(collectionId ?? ""),
    queryFn:
      collectionId === null ? skipToken : ({ signal }) => client.knowledge.documents.list({ collectionId }, { signal }),
  });
  return data ?? null;
}

export function useDocument(documentId: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: queryKeys.document(documentId ?? ""),
    queryFn:
      documentId === null ? skipToken : ({ signal }) => client.knowledge.documents.get({ documentId }, { signal }),
  });
}

/** How far reading has come, as it changes; null before the first word. */
export function useIngest(collectionId: string): IngestStatus | null {
  const client = useClient();
  const [status, setStatus] = useState<IngestStatus | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const follow = async () => {
      for await (const next of await client.knowledge.ingest.watch({ collectionId }, { signal })) setStatus(next);
    };
    // A lost connection is told by the frame; the figures stand still until the next visit.
    follow().catch(() => undefined);
    return () => controller.abort();
  }, [client, collectionId]);
  return status?.collectionId === collectionId ? status : null;
}

/** Everything that changes a collection; a refusal is told in a toast. */
export function useKnowledgeCommands() {
  const client = useClient();
  const onError = useErrorToast();
  const { collections, documents, folders, ingest } = client.knowledge;
  return {
    create: useMutation({
      mutationFn: (input: { name: string; place?: Collection["place"] }) => collections.create(input),
      onError,
    }),
    rename: useMutation({
      mutationFn: (input: { collectionId: string; name: string }) => collections.rename(input),
      onError,
    }),
    configure: useMutation({
      mutationFn: (input: { collectionId: string; settings: CollectionSettings }) => collections.configure(input),
      onError,
    }),
    removeCollection: useMutation({
      mutationFn: (collectionId: string) => collections.remove({ collectionId }),
      onError,
    }),
    addPaths: useMutation({
      mutationFn: (input: { collectionId: string; paths: string[] }) => documents.add(input),
      onError,
    }),
    removeDocuments: useMutation({
      mutationFn: (documentIds: string[]) => documents.remove({ documentIds }),
      onError,
    }),
    retry: useMutation({
      mutationFn: (input: { documentId: string; password: string | null }) => documents.retry(input),
      onError,
    }),
    locate: useMutation({
      mutationFn: (input: { documentId: string; path: string }) => documents.locate(input),
      onError,
    }),
    watchFolder: useMutation({
      mutationFn: (input: { collectionId: string; path: string }) => folders.watch(input),
      onError,
    }),
    unwatchFolder: useMutation({
      mutationFn: (input: { collectionId: string; path: string }) => folders.unwatch(input),
      onError,
    }),
    pause: useMutation({ mutationFn: (collectionId: string) => ingest.pause({ collectionId }), onError }),
    resume: useMutation({ mutationFn: (collectionId: string) => ingest.resume({ collectionId }), onError }),
  };
}
