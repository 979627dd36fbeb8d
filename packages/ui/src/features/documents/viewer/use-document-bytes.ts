import { useQuery } from "@tanstack/react-query";
import { useClient } from "../../../app/client-context.tsx";
import { queryKeys } from "../../../app/query-keys.ts";

const pieceBytes = 1_048_576;

/** The original, whole. Its bytes are kept while it is shown and a little longer. */
export function useDocumentBytes(documentId: string) {
  const client = useClient();
  return useQuery({
    queryKey: queryKeys.documentBytes(documentId),
    gcTime: 60_000,
    retry: false,
    queryFn: async ({ signal }) => {
      const first = await client.knowledge.documents.bytes({ documentId, offset: 0, length: pieceBytes }, { signal });
      const bytes = new Uint8Array(first.total);
      bytes.set(fromBase64(first.data));
      for (let offset = pieceBytes; offset < first.total; offset += pieceBytes) {
        const piece = await client.knowledge.documents.bytes({ documentId, offset, length: pieceBytes }, { signal });
        bytes.set(fromBase64(piece.data), offset);
      }
      return bytes;
    },
  });
}

function fromBase64(data: string): Uint8Array {
  return Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
}
