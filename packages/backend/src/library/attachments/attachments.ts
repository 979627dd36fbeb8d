import { dirname, isAbsolute, join } from "node:path";
import { createId, type DesksideError, isDesksideError } from "@deskside/base";
import { type Attachment, type AttachInput, attachInputSchema, deskError } from "@deskside/contract";
import type { ModelLibrary, ResolvedModel } from "@deskside/model-library";
import { type KeptAttachment, localUser, type Workspace } from "@deskside/storage";
import type { Logger } from "../../log/logger.ts";
import { openBuiltIn, openKept, type OpenedAttachment } from "./open-attachment.ts";

/** What is loaded with a model, checked against it. */
export interface Attached {
  readonly adapters: readonly { path: string; scale: number; name: string | null; sizeBytes: number }[];
  readonly draft: ResolvedModel | null;
}

/** LoRA adapters and draft models. They belong to the machine, like the models. */
export interface Attachments {
  /** Those that came with the model first; what cannot be used says why. Throws what `ModelLibrary.resolve` throws. */
  list(modelId: string): Promise<Attachment[]>;
  /** Throws ADAPTER_MISMATCH, DRAFT_MISMATCH, INVALID_INPUT, what resolving the source throws. */
  attach(input: AttachInput): Promise<Attachment[]>;
  /** Throws NOT_ATTACHED. */
  detach(modelId: string, attachmentId: string): Promise<Attachment[]>;
  /** Throws what is wrong with one that a person attached; one that came with the model is left out instead. */
  forLoad(model: ResolvedModel): Promise<Attached>;
}

interface AttachmentsDeps {
  readonly workspace: Workspace;
  readonly library: ModelLibrary;
  readonly log: Logger;
  /** What is loaded with the model is not what it was. */
  readonly onChange: (modelId: string) => void;
}

export function createAttachments({ workspace, library, log, onChange }: AttachmentsDeps): Attachments {
  const kept = (modelId: string) => workspace.modelSettings.attachments(localUser, modelId);
  const save = (modelId: string, attachments: readonly KeptAttachment[]) => {
    workspace.modelSettings.setAttachments(localUser, modelId, attachments);
    onChange(modelId);
  };

  const list = async (modelId: string): Promise<Attachment[]> => {
    const model = await library.resolve(modelId);
    return await listAll(model, kept(model.id), library);
  };

  return {
    list,
    async attach(input) {
      const { modelId, kind, source, scale } = attachInputSchema.parse(input);
      const model = await library.resolve(modelId);
      if (!isAbsolute(source) && /[/\\]/.test(source)) {
        throw deskError("INVALID_INPUT", {
          issues: [{ path: "source", message: "must be an absolute path or an id" }],
        });
      }
      const attachment: KeptAttachment = { id: createId("att"), kind, source, scale: kind === "draft" ? 1 : scale };
      await openKept(model, attachment, library);
      const others = kept(model.id).filter((other) =>
        kind === "draft" ? other.kind !== kind : other.source !== source,
      );
      save(model.id, [...others, attachment]);
      return await list(model.id);
    },
    async detach(modelId, attachmentId) {
      const model = await library.resolve(modelId);
      const before = kept(model.id);
      if (!before.some(({ id }) => id === attachmentId))
        throw deskError("NOT_ATTACHED", { model: modelId, attachmentId });
      save(
        model.id,
        before.filter(({ id }) => id !== attachmentId),
      );
      return await list(model.id);
    },
    forLoad: (model) => openAll(model, kept(model.id), { library, log }),
  };
}

async function listAll(
  model: ResolvedModel,
  kept: readonly KeptAttachment[],
  library: ModelLibrary,
): Promise<Attachment[]> {
  const own = (model.manifest?.adapters ?? []).map(async (adapter) => {
    const { value, problem } = await attempt(() => openBuiltIn(model, adapter));
    const path = join(dirname(model.path), adapter.file);
    const { file, bytes: sizeBytes, scale, purpose } = adapter;
    const shown = { id: file, kind: "adapter" as const, name: value?.name ?? file };
    return { ...shown, path, sizeBytes, scale, purpose, builtIn: true, problem: dataOf(problem) };
  });
  const added = kept.map(async (attachment) => {
    const { value, problem } = await attempt(() => openKept(model, attachment, library));
    const { id, kind, source, scale } = attachment;
    const file = { name: value?.name ?? source, path: value?.model.path ?? source, sizeBytes: value?.sizeBytes ?? 0 };
    return { id, kind, ...file, scale, purpose: null, builtIn: false, problem: dataOf(problem) };
  });
  return await Promise.all([...own, ...added]);
}

async function openAll(
  model: ResolvedModel,
  kept: readonly KeptAttachment[],
  { library, log }: Pick<AttachmentsDeps, "library" | "log">,
): Promise<Attached> {
  const opened: OpenedAttachment[] = [];
  for (const adapter of model.manifest?.adapters ?? []) {
    const { value, problem } = await attempt(() => openBuiltIn(model, adapter));
    if (value) opened.push(value);
    else
      log.warn({ err: problem, model: model.id, file: adapter.file }, "an adapter that came with a model is left out");
  }
  for (const attachment of kept) opened.push(await openKept(model, attachment, library));
  const adapters = opened.filter(({ kind }) => kind === "adapter");
  return {
    adapters: adapters.map(({ model: { path }, scale, purpose, sizeBytes }) => {
      return { path, scale, name: purpose, sizeBytes };
    }),
    draft: opened.find(({ kind }) => kind === "draft")?.model ?? null,
  };
}

type Attempt<T> = { value: T; problem: null } | { value: null; problem: DesksideError };

async function attempt<T>(open: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await open(), problem: null };
  } catch (error) {
    if (isDesksideError(error)) return { value: null, problem: error };
    throw error;
  }
}

function dataOf(problem: DesksideError | null): Attachment["problem"] {
  return problem && { code: problem.code, kind: problem.kind, data: { ...problem.data } };
}
