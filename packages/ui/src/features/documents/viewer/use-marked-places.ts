import type { TextRange } from "@deskside/contract";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "../../../app/client-context.tsx";
import { type MarkedPlaces, markedPlaces, noPlaces } from "./passage-places.ts";

/** Null while they are looked up. A passage that is gone marks nothing. */
export function useMarkedPlaces(
  documentId: string,
  passageId: string | null,
  range: TextRange | null,
): MarkedPlaces | null {
  const client = useClient();
  const { data, isPending } = useQuery({
    queryKey: ["knowledge", "passage", documentId, passageId],
    enabled: passageId !== null,
    retry: false,
    queryFn: ({ signal }) => client.knowledge.documents.passage({ documentId, passageId: passageId ?? "" }, { signal }),
  });
  return useMemo(() => {
    if (passageId !== null && isPending) return null;
    return data ? markedPlaces(data.spans, range) : noPlaces;
  }, [passageId, isPending, data, range]);
}
