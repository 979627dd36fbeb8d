import { contract } from "@deskside/contract";
import { implement } from "@orpc/server";
import type { BackendContext } from "../backend-services.ts";
import type { LibraryService } from "./library-service.ts";

const given = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

export function createLibraryRouter({ models }: { readonly models: LibraryService }) {
  const os = implement(contract.library).$context<BackendContext>();
  return os.router({
    catalogue: os.catalogue.handler(({ input }) => models.catalogue(input)),
    catalogueUpdate: os.catalogueUpdate.handler(({ input }) => models.catalogueUpdate(input.path)),
    hubs: os.hubs.handler(() => models.hubs()),
    search: os.search.handler(({ input, signal }) => models.search(input, given(signal))),
    describe: os.describe.handler(({ input, signal }) => models.describe(input, given(signal))),
    compareHubs: os.compareHubs.handler(({ input, signal }) => models.compareHubs(input, given(signal))),
    remoteFacts: os.remoteFacts.handler(({ input, signal }) => models.remoteFacts(input, given(signal))),
    facts: os.facts.handler(({ input, signal }) => models.facts(input.modelId, given(signal))),
    download: createDownloadRouter({ models }),
    tokens: createTokenRouter({ models }),
    bundle: createBundleRouter({ models }),
    storage: os.storage.handler(() => models.storage()),
    show: os.show.handler(({ input }) => models.show(input.modelId)),
    remove: os.remove.handler(({ input }) => models.remove(input.modelId)),
    restore: os.restore.handler(({ input }) => models.restore(input.id)),
    emptyTrash: os.emptyTrash.handler(({ input }) => models.emptyTrash(input.id)),
    importPath: os.importPath.handler(({ input, signal }) => models.importPath(input.path, given(signal))),
    discover: os.discover.handler(() => models.discover()),
    move: os.move.handler(({ input, signal }) => models.move(input.modelId, input.folder, given(signal))),
    useVersion: os.useVersion.handler(({ input }) => models.useVersion(input.modelId, input.version)),
    pin: os.pin.handler(({ input }) => models.pin(input.modelId, input.pinned)),
    attachments: os.attachments.handler(({ input }) => models.attachments.list(input.modelId)),
    attach: os.attach.handler(({ input }) => models.attachments.attach(input)),
    detach: os.detach.handler(({ input }) => models.attachments.detach(input.modelId, input.attachmentId)),
    verify: os.verify.handler(({ input, signal }) => models.verify(input.modelId, given(signal))),
    test: os.test.handler(({ input, signal }) => models.test(input.modelId, given(signal))),
  });
}

function createDownloadRouter({ models }: { readonly models: LibraryService }) {
  const os = implement(contract.library.download).$context<BackendContext>();
  const { downloads } = models;
  return os.router({
    start: os.start.handler(({ input, signal }) => models.startDownload(input, given(signal))),
    list: os.list.handler(() => downloads.list()),
    watch: os.watch.handler(async function* ({ input, signal }) {
      yield* downloads.watch(input.id, signal);
    }),
    pause: os.pause.handler(({ input }) => downloads.pause(input.id)),
    resume: os.resume.handler(({ input }) => downloads.resume(input.id)),
    cancel: os.cancel.handler(({ input }) => downloads.cancel(input.id)),
    order: os.order.handler(({ input }) => downloads.order(input.ids)),
    switchSource: os.switchSource.handler(({ input, signal }) => models.switchSource(input, given(signal))),
    forget: os.forget.handler(({ input }) => downloads.forget(input.id)),
  });
}

function createBundleRouter({ models: { bundles } }: { readonly models: LibraryService }) {
  const os = implement(contract.library.bundle).$context<BackendContext>();
  return os.router({
    identity: os.identity.handler(async () => ({ fingerprint: await bundles.fingerprint() })),
    inspect: os.inspect.handler(({ input }) => bundles.inspect(input.path)),
    export: os.export.handler(({ input, signal }) => bundles.export(input, given(signal))),
    import: os.import.handler(({ input, signal }) => bundles.import(input, given(signal))),
    list: os.list.handler(() => bundles.list()),
    watch: os.watch.handler(async function* ({ input, signal }) {
      yield* bundles.watch(input.id, signal);
    }),
    cancel: os.cancel.handler(({ input }) => bundles.cancel(input.id)),
  });
}

function createTokenRouter({ models: { tokens } }: { readonly models: LibraryService }) {
  const os = implement(contract.library.tokens).$context<BackendContext>();
  return os.router({
    list: os.list.handler(() => tokens.list()),
    set: os.set.handler(({ input }) => tokens.set(input.host, input.token)),
    remove: os.remove.handler(({ input }) => tokens.remove(input.host)),
  });
}
