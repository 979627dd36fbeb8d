import type { EngineState } from "@deskside/contract";
import type { ConnectionPhase } from "../../app/state/connection-store.ts";
import type { Text } from "../../i18n/use-text.ts";
import type { LampState } from "../../primitives/index.ts";

export interface EngineView {
  readonly lamp: LampState;
  /** The bold words: a model's name, or what is going on. */
  readonly title: string;
  /** The quantization, or the progress of a load. */
  readonly detail: string | null;
  /** Said aloud when it changes; free of figures that change all the time. */
  readonly announcement: string;
  /** Set when the engine has given up: what Restart loads. */
  readonly restart: { readonly modelId: string } | null;
}

/** The first segment of the strip, from the engine that leads and from the connection. */
export function viewEngine(engine: EngineState | null, connection: ConnectionPhase, { t, format }: Text): EngineView {
  const view = (lamp: LampState, title: string, detail: string | null = null): EngineView => ({
    lamp,
    title,
    detail,
    announcement:
      lamp === "loading"
        ? title
        : [t(`shell.strip.lamp.${lamp}`), engine?.model?.name].filter(Boolean).join(t("common.comma")),
    restart: null,
  });
  if (connection !== "connected") return { ...view("off", t("shell.strip.notConnected")), announcement: "" };
  if (!engine || engine.phase === "off") return view("off", t("shell.strip.noModel"));
  const name = engine.model?.name ?? t("shell.strip.noModel");
  const quantization = engine.model?.quantization ?? null;
  switch (engine.phase) {
    case "ready":
      return view("ready", name, quantization);
    case "answering":
      return view("busy", name, quantization);
    case "starting":
      return view("loading", engine.model ? t("shell.strip.loading", { model: name }) : t("shell.strip.starting"));
    case "loading":
      return view(
        "loading",
        t("shell.strip.loading", { model: name }),
        engine.progress === null ? null : format.percent(engine.progress),
      );
    case "restarting":
      return view("loading", t("shell.strip.restarting"));
    case "gave-up":
      return {
        ...view("stopped", t("shell.strip.stopped")),
        restart: engine.model ? { modelId: engine.model.id } : null,
      };
  }
}
