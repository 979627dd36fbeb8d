import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import {
  collectionNameSchema,
  collectionSchema,
  collectionSettingsSchema,
  ingestStatusSchema,
} from "./collection-schemas.ts";
import { documentSchema, documentTextSchema } from "./document-schemas.ts";
import { scopeSchema, searchHitSchema, searchModeSchema } from "./grounding-schemas.ts";
import { spanSchema } from "./place-schemas.ts";
import { connectionStringSchema, teamServerFactsSchema, teamServerSchema } from "./team-server-schemas.ts";
import { selfTestEventSchema } from "./self-test-schemas.ts";

const collectionId = z.object({ collectionId: z.string() });
const documentId = z.object({ documentId: z.string() });
/** Bytes of one piece on its way in or out. */
const pieceBytes = 1_048_576;

/** Collections of documents: reading, searching, showing. Nothing here uses the network but a team's own database. */
export const knowledgeContract = {
  collections: {
    /** By name, those of chats left out. */
    list: oc.output(z.array(collectionSchema)),
    get: oc.input(collectionId).output(collectionSchema),
    create: oc
      .input(
        z.object({
          name: collectionNameSchema,
          settings: collectionSettingsSchema.prefault({}),
          place: z.enum(["here", "server"]).default("here"),
        }),
      )
      .output(collectionSchema),
    rename: oc.input(collectionId.extend({ name: collectionNameSchema })).output(collectionSchema),
    /** What the change touches is read again in the background; the old text answers meanwhile. */
    configure: oc.input(collectionId.extend({ settings: collectionSettingsSchema })).output(collectionSchema),
    /** With everything that was read; originals stay where they are. */
    remove: oc.input(collectionId).output(z.void()),
  },
  /** The database of a team, for collections whose place is `server`. */
  server: {
    get: oc.output(teamServerSchema),
    /** Throws INVALID_INPUT, SETTING_LOCKED, KNOWLEDGE_SERVER_UNFIT. Whether it answers is not asked. */
    set: oc.input(z.object({ connectionString: connectionStringSchema })).output(teamServerSchema),
    /** Address and password are forgotten; what lies on the server stays there. */
    remove: oc.output(teamServerSchema),
    /** Of this address, or of the one that is set. Connects, tries what an index needs, and changes nothing. */
    test: oc
      .input(z.object({ connectionString: connectionStringSchema.nullable().default(null) }))
      .output(teamServerFactsSchema),
  },
  documents: {
    /** Failures first, then by path. */
    list: oc.input(collectionId).output(z.array(documentSchema)),
    get: oc.input(documentId).output(documentSchema),
    /** Files and folders of this computer. Returns what was queued; unreadable ones end as failed documents. */
    add: oc
      .input(collectionId.extend({ paths: z.array(z.string().min(1).max(4096)).min(1).max(10_000) }))
      .output(z.array(documentSchema)),
    remove: oc.input(z.object({ documentIds: z.array(z.string()).min(1) })).output(z.void()),
    /** Reads it again, with a password where one is needed. The password is used once and not kept. */
    retry: oc
      .input(documentId.extend({ password: z.string().max(200).nullable().default(null) }))
      .output(documentSchema),
    /** Where a moved original lies now; accepted when its content is the same. */
    locate: oc.input(documentId.extend({ path: z.string() })).output(documentSchema),
    text: oc
      .input(
        documentId.extend({
          offset: z.number().int().min(0).default(0),
          limit: z.number().int().min(1).max(2000).default(500),
        }),
      )
      .output(documentTextSchema),
    /** A cited passage, for the viewer. DOCUMENT_NOT_FOUND when it was read again since and changed. */
    passage: oc
      .input(documentId.extend({ passageId: z.string() }))
      .output(z.object({ passageId: z.string(), text: z.string(), spans: z.array(spanSchema) })),
    /** A piece of the original, base64. `total` bytes altogether. DOCUMENT_MOVED. */
    bytes: oc
      .input(documentId.extend({ offset: z.number().int().min(0), length: z.number().int().min(1).max(pieceBytes) }))
      .output(z.object({ data: z.base64(), total: z.number() })),
  },
  /** For a window that has files but no paths. The copy is kept encrypted, once for each content. */
  upload: {
    start: oc
      .input(collectionId.extend({ path: z.string().min(1).max(1000), bytes: z.number().int().min(0) }))
      .output(z.object({ uploadId: z.string() })),
    piece: oc
      .input(z.object({ uploadId: z.string(), offset: z.number().int().min(0), data: z.base64() }))
      .output(z.void()),
    finish: oc.input(z.object({ uploadId: z.string() })).output(documentSchema),
    cancel: oc.input(z.object({ uploadId: z.string() })).output(z.void()),
  },
  /** The collection that holds the files of one chat, made when it is needed. */
  chatCollection: oc.input(z.object({ chatId: z.string() })).output(collectionSchema),
  folders: {
    watch: oc.input(collectionId.extend({ path: z.string().min(1).max(4096) })).output(collectionSchema),
    /** What was read from it stays. */
    unwatch: oc.input(collectionId.extend({ path: z.string() })).output(collectionSchema),
  },
  ingest: {
    /** A snapshot at once and after every change, at most about four a second. Leaving it stops nothing. */
    watch: oc.input(collectionId).output(eventIterator(ingestStatusSchema)),
    pause: oc.input(collectionId).output(z.void()),
    resume: oc.input(collectionId).output(z.void()),
  },
  search: oc
    .input(
      z.object({
        scope: scopeSchema,
        chatId: z.string().nullable().default(null),
        query: z.string().min(1).max(4000),
        limit: z.number().int().min(1).max(200).default(20),
      }),
    )
    .output(
      z.object({
        hits: z.array(searchHitSchema),
        ms: z.number(),
        fullText: searchModeSchema,
        vectors: searchModeSchema,
      }),
    ),
  /** Questions made from the collection's own passages: how many find their passage again. */
  selfTest: oc.input(collectionId).output(eventIterator(selfTestEventSchema)),
};
