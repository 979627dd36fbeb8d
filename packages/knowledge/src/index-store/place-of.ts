import type { Collection } from "@deskside/contract";

const onServer = /^s(coll|doc|passage)_/;

/** Where the collection, document or passage of this id is. */
export function placeOf(id: string): Collection["place"] {
  return onServer.test(id) ? "server" : "here";
}
