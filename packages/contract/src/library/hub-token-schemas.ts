import { z } from "zod";

/** What is shown of a token that is kept. */
export const hubTokenSchema = z.object({
  /** `host`, or `host:port` when the port is not the usual one. */
  host: z.string(),
  /** Of a token of at least 12 characters; empty otherwise. */
  lastFour: z.string().max(4),
  /** Milliseconds since 1970; null = it stands in the environment (HF_TOKEN). */
  savedAt: z.number().nullable(),
});
export type HubToken = z.infer<typeof hubTokenSchema>;

export const hubTokenRequestSchema = z.object({
  host: z.string().min(1).max(300),
  /** As the hub shows it; spaces around it are dropped. Visible ASCII characters. */
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{4,500}$/, "no token: 4 to 500 visible characters without spaces"),
});
