import { type FetchTarball, startOfRange } from "@deskside/backend/engine-binaries";

const silentMs = 30_000;

/** For what runs before the app does: fetches as an installer does, with the proxy of the environment. */
export const plainFetch: FetchTarball = async ({ url, fromByte, signal }) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error(`nothing came for ${silentMs / 1000} s`)), silentMs);
  try {
    const response = await fetch(url, {
      headers: { "accept-encoding": "identity", ...(fromByte > 0 ? { range: `bytes=${fromByte}-` } : {}) },
      signal: AbortSignal.any([signal, stop.signal]),
    });
    return {
      status: response.status,
      startsAt: startOfRange(response.status, response.headers.get("content-range")),
      body: watchSilence(response.body ?? [], timer),
      [Symbol.dispose]() {
        clearTimeout(timer);
        stop.abort(new Error("not needed any more"));
      },
    };
  } catch (error) {
    clearTimeout(timer);
    throw error;
  }
};

async function* watchSilence(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, timer: NodeJS.Timeout) {
  try {
    for await (const chunk of body) {
      timer.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
  }
}
