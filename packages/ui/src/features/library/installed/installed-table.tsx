import type { InstalledModel, LibraryStorage } from "@deskside/contract";
import { useState } from "react";
import { useEngineStore } from "../../../app/client-context.tsx";
import { useFit, useMachine } from "../../../app/data/use-hardware.ts";
import { useModelCommands } from "../../../app/data/use-models.ts";
import { selectEngineOf } from "../../../app/state/engine-store.ts";
import { useSetting } from "../../../app/use-settings.ts";
import { unknown } from "../../../format/formats.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Button, FitBar, IconButton, Menu } from "../../../primitives/index.ts";
import { fitFigures, fitLimit } from "../../hardware/fit-scale.ts";
import { barWords, predictedUsed } from "../../hardware/memory-words.ts";
import { GradeBadge } from "../../hardware/recommendation-table.tsx";
import { ModelSettingsDialog } from "../model-settings/model-settings-dialog.tsx";
import { DetailsDialog } from "./details-dialog.tsx";
import type { LibraryModel } from "./installed-screen.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { useModelMenu } from "./use-model-menu.ts";

type Opened = { readonly kind: "details" | "remove" | "settings"; readonly one: LibraryModel } | null;

/** Every installed model: what it takes, whether it is loaded, and what can be done with it. */
export function InstalledTable(props: { models: readonly LibraryModel[]; folders: LibraryStorage["folders"] }) {
  const { t } = useText();
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  return (
    <div className="table-wrap">
      <table className="tb edge installed" aria-label={t("library.installed.table")}>
        <thead>
          <tr>
            <th>{t("shell.library.model")}</th>
            <th>{t("shell.library.quantization")}</th>
            <th className="r">{t("shell.library.size")}</th>
            <th className="hide-sm">{t("shell.library.memory")}</th>
            <th className="r lo-md">{t("library.installed.speed")}</th>
            <th>{t("library.installed.use")}</th>
            <th>
              <span className="sr">{t("shell.models.load")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.models.map((one) => (
            <ModelRow
              key={one.model.id}
              one={one}
              folders={props.folders}
              onOpen={(kind) => setOpened({ kind, one })}
            />
          ))}
        </tbody>
      </table>
      {opened?.kind === "details" && <DetailsDialog one={opened.one} onClose={close} />}
      {opened?.kind === "settings" && <ModelSettingsDialog model={opened.one.model} onClose={close} />}
      {opened?.kind === "remove" && <RemoveDialog one={opened.one} onClose={close} />}
    </div>
  );
}

interface ModelRowProps {
  one: LibraryModel;
  folders: LibraryStorage["folders"];
  onOpen: (kind: "details" | "remove" | "settings") => void;
}

function ModelRow({ one, folders, onOpen }: ModelRowProps) {
  const { t, format } = useText();
  const { model } = one;
  const menu = useModelMenu({ one, folders, onOpen });
  return (
    <tr>
      <td>
        <div className="med clip" title={model.name}>
          {model.name}
        </div>
        <div className="t11 ink3 mono clip" title={model.fileName}>
          {model.fileName}
        </div>
      </td>
      <td className="mono ink2">{model.quantization ?? unknown}</td>
      <td className="r nowrap" title={format.exactBytes(model.sizeBytes)}>
        {format.fileSize(model.sizeBytes)}
      </td>
      <td className="hide-sm">
        <MemoryCell model={model} />
      </td>
      <SpeedCell model={model} />
      <td>
        <span className="row g4 wrap">
          {menu.busy !== null && <Badge tone="info">{menu.busy}</Badge>}
          <UseBadges one={one} />
        </span>
      </td>
      <td className="r nowrap">
        <LoadButton model={model} />
        <Menu
          align="end"
          trigger={<IconButton icon="more" label={t("library.installed.actions", { model: model.name })} />}
          items={menu.items}
        />
      </td>
    </tr>
  );
}

/** Predicted and, once it was loaded, measured; only what is loaded to answer has a plan. */
function MemoryCell({ model }: { model: InstalledModel }) {
  const text = useText();
  const { format } = text;
  const engine = useEngineStore(selectEngineOf(model.id));
  const fit = useFit(model.id).data;
  const machine = useMachine().data;
  const predicted = fit?.predicted ?? engine?.predicted ?? null;
  const measured = engine?.measured ?? null;
  if (model.role !== "chat" || model.problem || !predicted || !machine) return <span className="ink3">{unknown}</span>;
  const limit = fitLimit(machine);
  const figures = fitFigures(predicted, limit);
  return (
    <span className="row g8 nowrap" title={predictedUsed(predicted, measured, text) ?? undefined}>
      <span className="installed-fit">
        <FitBar
          parts={figures.parts}
          totalBytes={limit.totalBytes}
          label={barWords(figures.parts, limit.totalBytes, text)}
        />
      </span>
      <span className="t12 ink2">{format.bytes((measured ?? predicted).memoryBytes)}</span>
      {fit && <GradeBadge grade={fit.grade} />}
    </span>
  );
}

/** Measured where the engine has answered; else predicted, and said so. */
function SpeedCell({ model }: { model: InstalledModel }) {
  const { t, format } = useText();
  const measured = useEngineStore(selectEngineOf(model.id))?.tokensPerSecond ?? null;
  const predicted = useFit(model.id).data?.predicted.tokensPerSecond ?? null;
  if (measured !== null) return <td className="r nowrap lo-md">{format.speed(measured)}</td>;
  return (
    <td className="r nowrap lo-md ink3">
      {predicted === null || model.role !== "chat" ? unknown : t("hardware.about", { value: format.speed(predicted) })}
    </td>
  );
}

function UseBadges({ one: { model, stored } }: { one: LibraryModel }) {
  const { t } = useText();
  const isDefault = useSetting("general.defaultModel") === model.id;
  const phase = useEngineStore(selectEngineOf(model.id))?.phase ?? "off";
  const loaded = phase === "ready" || phase === "answering";
  const busy = phase === "starting" || phase === "loading" || phase === "restarting";
  return (
    <>
      {model.problem && <Badge tone="danger">{t("shell.models.cannotRun")}</Badge>}
      {!model.problem && loaded && <Badge tone="ok">{t("shell.models.loaded")}</Badge>}
      {!model.problem && phase === "gave-up" && <Badge tone="danger">{t("shell.monitor.phase.gave-up")}</Badge>}
      {busy && <Badge tone="warn">{t(`shell.monitor.phase.${phase}`)}</Badge>}
      {isDefault && <Badge tone="accent">{t("library.installed.default")}</Badge>}
      {model.role !== "chat" && <Badge tone="info">{t(`errors.role.${model.role}`)}</Badge>}
      {model.builtIn && <Badge>{t("library.installed.builtIn")}</Badge>}
      {model.small && model.role === "chat" && (
        <Badge outline title={t("shell.models.smallHint")}>
          {t("shell.library.small")}
        </Badge>
      )}
      {stored?.linked === true && (
        <Badge outline title={t("library.installed.linkedHint")}>
          {t("library.installed.linked")}
        </Badge>
      )}
    </>
  );
}

function LoadButton({ model }: { model: InstalledModel }) {
  const { t } = useText();
  const phase = useEngineStore(selectEngineOf(model.id))?.phase ?? "off";
  const { load, unload } = useModelCommands();
  if (model.role !== "chat" || model.problem) return null;
  if (phase === "off" || phase === "gave-up") {
    return (
      <Button size="sm" onClick={() => load(model.id)}>
        {t(phase === "off" ? "shell.models.load" : "shell.models.restart")}
      </Button>
    );
  }
  if (phase === "ready" || phase === "answering") {
    return (
      <Button size="sm" onClick={() => unload(model.id)}>
        {t("shell.models.unload")}
      </Button>
    );
  }
  return (
    <Button size="sm" busy={t("shell.models.loading")}>
      {t("shell.models.load")}
    </Button>
  );
}
