import { samplingSchema } from "@deskside/contract";
import { reasoningMarksSchema } from "@deskside/contract/engine";
import { z } from "zod";

/** BCP 47 base tag. */
const languageSchema = z.string().regex(/^[a-z]{2,3}$/);
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const tokensSchema = z.number().int().min(8);

/**
 * How a model was taught to be asked about numbered passages. The user message is `sources`, one line for each
 * passage, an empty line, `question`. Placeholders: {number}, {document}, {page}, {text}, {question}.
 */
const documentPromptSchema = z.strictObject({
  system: z.string().min(1),
  sources: z.string().min(1),
  source: z.string().includes("{number}").includes("{document}").includes("{page}").includes("{text}"),
  sourceWithoutPage: z.string().includes("{number}").includes("{document}").includes("{text}"),
  question: z.string().includes("{question}"),
  /** What the model writes when the passages do not hold the answer. */
  silent: z.string().min(1),
});
export type DocumentPrompt = z.infer<typeof documentPromptSchema>;

/** What an adapter is for: "documents" answers questions on documents and takes part in nothing else. */
const adapterPurposes = ["documents"] as const;

/** Everything the product knows about a model that travels with it. The only place where it learns that. */
export const modelManifestSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
    name: z.string().min(1).max(80),
    family: z.string().min(1),
    role: z.enum(["chat", "adapter", "embedding"]),
    /** Beside the manifest. */
    file: z.string().regex(/^[^/\\]+\.gguf$/, "must be the plain name of a .gguf file"),
    sha256: sha256Schema,
    sizeBytes: z.number().int().positive(),
    /** SPDX identifier. */
    licence: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+-]*$/),
    licenceFile: z
      .string()
      .regex(/^[^/\\]+$/)
      .nullable()
      .default(null),
    /** Where it comes from, in words. */
    source: z.string().min(1),
    languages: z.array(languageSchema).min(1),
    quantization: z.string().min(1),
    /** Tokens: what is used unless somebody asks for another size, and what the model was trained on. */
    contextSize: tokensSchema,
    trainedContextSize: tokensSchema,
    /** Jinja source; null = the template inside the file. */
    template: z.string().min(1).nullable().default(null),
    reasoning: reasoningMarksSchema.nullable().default(null),
    /** By language: goes first when the person set none. */
    systemPrompt: z.record(languageSchema, z.string().min(1)).default({}),
    /** Written before every text that is turned into a vector. */
    prefixes: z.strictObject({ query: z.string(), passage: z.string() }).nullable().default(null),
    documentPrompt: z.record(languageSchema, documentPromptSchema).nullable().default(null),
    sampling: z
      .strictObject({ chat: samplingSchema.strict(), documents: samplingSchema.strict() })
      .default({ chat: {}, documents: {} }),
    /** Adapters for this model, beside the manifest; used when an answer asks for their purpose. */
    adapters: z
      .array(
        z.strictObject({
          file: z.string().regex(/^[^/\\]+\.gguf$/, "must be the plain name of a .gguf file"),
          sha256: sha256Schema,
          bytes: z.number().int().positive(),
          purpose: z.enum(adapterPurposes),
          scale: z.number().min(-10).max(10).default(1),
        }),
      )
      .default([]),
    limits: z.strictObject({ maxContext: tokensSchema }),
    /** Small enough that the interface has to say so. */
    small: z.boolean(),
    /** Among the models that speak a language the one with the highest number is taken first. */
    preference: z.number().int().default(0),
    /** The model an adapter was made for. */
    base: z
      .strictObject({ id: z.string().min(1), sha256: sha256Schema })
      .nullable()
      .default(null),
  })
  .superRefine((manifest, context) => {
    const complain = (path: string, message: string): void => {
      context.addIssue({ code: "custom", path: [path], message });
    };
    if ((manifest.role === "adapter") !== (manifest.base !== null))
      complain("base", "belongs to adapters, and only there");
    if (manifest.role === "embedding" && manifest.prefixes === null) complain("prefixes", "needed for embeddings");
    if (manifest.contextSize > manifest.limits.maxContext) complain("contextSize", "above limits.maxContext");
    if (manifest.limits.maxContext > manifest.trainedContextSize) complain("limits", "above trainedContextSize");
  });
export type ModelManifest = z.infer<typeof modelManifestSchema>;
