import { createId } from "@deskside/base";
import { attachmentKinds, type ModelDefaults, modelDefaultsSchema } from "@deskside/contract";
import { z } from "zod";
import type { Principal } from "../principal.ts";
import type { RepositoryContext } from "../repositories/repository-context.ts";

const keptAttachmentSchema = z.object({
  id: z.string(),
  kind: z.enum(attachmentKinds),
  /** An installed model's id, or an absolute path. */
  source: z.string(),
  scale: z.number(),
});
export type KeptAttachment = z.infer<typeof keptAttachmentSchema>;

/** By model id, which may be of a model that is not here any more. */
export interface ModelSettingsRepository {
  /** Nothing set: all null. What no longer fits its schema counts as not set, and is logged. */
  defaults(principal: Principal, modelId: string): ModelDefaults;
  setDefaults(principal: Principal, modelId: string, defaults: ModelDefaults | null): void;
  attachments(principal: Principal, modelId: string): KeptAttachment[];
  setAttachments(principal: Principal, modelId: string, attachments: readonly KeptAttachment[]): void;
}

const rowSchema = z.object({ defaults: z.string().nullable(), attachments: z.string().nullable() });

export function createModelSettingsRepository(context: RepositoryContext): ModelSettingsRepository {
  const { store, clock, log } = context;

  const read = <T extends z.ZodType>(
    { ownerId }: Principal,
    modelId: string,
    column: "defaults" | "attachments",
    schema: T,
  ): z.infer<T> | null => {
    const sql = "SELECT defaults, attachments FROM model_settings WHERE owner_id = @ownerId AND model_id = @modelId";
    const row = rowSchema.safeParse(store.get(sql, { ownerId, modelId }));
    const text = row.data?.[column] ?? null;
    if (text === null) return null;
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    log.warn({ modelId, column }, "a stored setting of a model does not fit and is ignored");
    return null;
  };

  const write = (principal: Principal, modelId: string, column: "defaults" | "attachments", value: unknown) => {
    const now = clock.now();
    const json = value === null ? null : JSON.stringify(value);
    store.write((revision) =>
      store.run(
        `INSERT INTO model_settings (id, owner_id, model_id, ${column}, updated_at, revision)
         VALUES (@id, @ownerId, @modelId, @json, @now, @revision)
         ON CONFLICT (owner_id, model_id) DO UPDATE
         SET ${column} = excluded.${column}, updated_at = excluded.updated_at, revision = excluded.revision`,
        { id: createId("mset", now), ownerId: principal.ownerId, modelId, json, now, revision },
      ),
    );
  };

  return {
    defaults: (principal, modelId) =>
      read(principal, modelId, "defaults", modelDefaultsSchema) ?? modelDefaultsSchema.parse({}),
    setDefaults: (principal, modelId, defaults) => write(principal, modelId, "defaults", defaults),
    attachments: (principal, modelId) => read(principal, modelId, "attachments", z.array(keptAttachmentSchema)) ?? [],
    setAttachments: (principal, modelId, attachments) => write(principal, modelId, "attachments", attachments),
  };
}
