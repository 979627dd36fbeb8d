import { type ErrorData, isDesksideError } from "@deskside/base";

/** The product error that `work` throws; anything else, or nothing, fails the test. */
export function errorOf(work: () => unknown): ErrorData {
  try {
    work();
  } catch (error) {
    if (isDesksideError(error)) return error.toData();
    throw error;
  }
  throw new Error("did not throw");
}

export async function rejectionOf(work: Promise<unknown>): Promise<ErrorData> {
  const outcome = await work.then(
    () => new Error("did not reject"),
    (error: unknown) => error,
  );
  if (isDesksideError(outcome)) return outcome.toData();
  throw outcome instanceof Error ? outcome : new Error(String(outcome));
}
