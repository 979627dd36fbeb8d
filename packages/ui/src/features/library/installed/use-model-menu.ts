import type { CanaryReport, InstalledModel, LibraryStorage, StoredModelInfo, VerifyReport } from "@deskside/contract";
import { useStoreCommands } from "../../../app/data/use-library.ts";
import { useSetSetting, useSetting } from "../../../app/use-settings.ts";
import { describeError } from "../../../i18n/describe-error.ts";
import { type Text, useText } from "../../../i18n/use-text.ts";
import { type MenuEntry, toast } from "../../../primitives/index.ts";
import type { LibraryModel } from "./installed-screen.tsx";

export interface ModelMenu {
  readonly items: readonly MenuEntry[];
  /** What is being done to the model at the moment, in words. */
  readonly busy: string | null;
}

/** What can be done with a model beside loading it. Built-in ones are not ours to move or delete. */
export function useModelMenu(input: {
  one: LibraryModel;
  folders: LibraryStorage["folders"];
  onOpen: (kind: "details" | "remove" | "settings") => void;
}): ModelMenu {
  const text = useText();
  const { t } = text;
  const { one, folders, onOpen } = input;
  const { model, stored } = one;
  const { name } = model;
  const set = useSetSetting();
  const isDefault = useSetting("general.defaultModel") === model.id;
  const commands = useStoreCommands({
    verified: (report) => tellVerified(name, report, text),
    tested: (report) => tellTested(name, report, text),
    moved: () => toast({ tone: "ok", text: t("library.installed.movedTo", { model: name }) }),
    versionChanged: () => toast({ tone: "ok", text: t("library.installed.previousDone", { model: name }) }),
  });
  const { verify, trial } = commands;
  const canAnswer = model.role === "chat" && model.problem === null;
  const items: (MenuEntry | false)[] = [
    canAnswer && {
      label: t(isDefault ? "library.installed.clearDefault" : "library.installed.makeDefault"),
      icon: "star",
      onSelect: () => set("general.defaultModel", isDefault ? null : model.id),
    },
    canAnswer && {
      ...{ label: t("library.modelSettings.open"), icon: "sliders" as const },
      onSelect: () => onOpen("settings"),
    },
    { label: t("library.installed.details"), icon: "info", onSelect: () => onOpen("details") },
    ...(stored === null ? [] : storeItems({ one: { model, stored }, canAnswer, folders, text, commands })),
    stored !== null && { divider: true },
    stored !== null && {
      label: t(stored.linked ? "library.installed.unlink" : "library.installed.remove"),
      icon: "trash",
      danger: true,
      onSelect: () => onOpen("remove"),
    },
  ];
  const testing = trial.isPending ? t("library.installed.testing") : null;
  return {
    items: items.filter((item) => item !== false),
    busy: verify.isPending ? t("library.installed.verifying") : testing,
  };
}

function storeItems(input: {
  one: { model: InstalledModel; stored: StoredModelInfo };
  canAnswer: boolean;
  folders: LibraryStorage["folders"];
  text: Text;
  commands: ReturnType<typeof useStoreCommands>;
}): MenuEntry[] {
  const { one, canAnswer, folders, commands } = input;
  const { t } = input.text;
  const { model, stored } = one;
  const { verify, trial, move, pin, useVersion } = commands;
  const others = stored.linked ? [] : folders.filter(({ id, problem }) => id !== stored.folder && problem === null);
  const items: (MenuEntry | false)[] = [
    {
      ...{ label: t("library.installed.verify"), icon: "shield" as const },
      onSelect: () => verify.mutate(model.id),
    },
    canAnswer && {
      ...{ label: t("library.installed.test"), icon: "gauge" as const },
      onSelect: () => trial.mutate(model.id),
    },
    stored.versions.some(({ state }) => state === "previous") && {
      ...{ label: t("library.installed.previous"), icon: "refresh" as const },
      onSelect: () => useVersion.mutate({ modelId: model.id, version: null }),
    },
    !stored.linked && {
      ...{ label: t("library.installed.pin"), checked: stored.pinned },
      onSelect: () => pin.mutate({ modelId: model.id, pinned: !stored.pinned }),
    },
    ...others.map(({ id, path }) => ({
      ...{ label: t("library.installed.moveTo", { folder: path }), icon: "folder" as const },
      onSelect: () => move.mutate({ modelId: model.id, folder: id }),
    })),
  ];
  return items.filter((item) => item !== false);
}

function tellVerified(model: string, report: VerifyReport, { t }: Text): void {
  if (!report.ok) return toast({ tone: "danger", text: t("library.installed.notVerified", { model }) });
  const key = report.expected === null ? "library.installed.verifiedNoHash" : "library.installed.verified";
  toast({ tone: "ok", text: t(key, { model }) });
}

function tellTested(model: string, report: CanaryReport, text: Text): void {
  const { t, format } = text;
  if (report.passed) {
    return toast({
      ...{ tone: "ok", text: t("library.installed.tested", { model, speed: format.speed(report.tokensPerSecond) }) },
    });
  }
  const data = { model, step: report.step ?? "validate", detail: report.detail };
  const { title, body } = describeError({ code: "CANARY_FAILED", kind: "precondition", data }, text);
  toast({ tone: "danger", text: title, detail: body });
}
