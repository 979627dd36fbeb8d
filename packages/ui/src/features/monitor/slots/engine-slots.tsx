import type { EngineState } from "@deskside/contract";
import { useMutation } from "@tanstack/react-query";
import { useClient, useEngineStore, useNavigationStore, useTelemetryStore } from "../../../app/client-context.tsx";
import { type RunningAnswer, useRunningAnswers } from "../../../app/data/use-running-answers.ts";
import { useErrorToast } from "../../../app/use-error-toast.ts";
import { unknown } from "../../../format/formats.ts";
import { describeError } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, Lamp, type LampState, ProgressBar } from "../../../primitives/index.ts";
import { deviceWords } from "../../hardware/plan-words.ts";

const lamps: Record<EngineState["phase"], LampState> = {
  off: "off",
  starting: "loading",
  loading: "loading",
  ready: "off",
  answering: "busy",
  restarting: "loading",
  "gave-up": "stopped",
};

/** What each engine does now: the answers it writes, else that it is idle. */
export function EngineSlots() {
  const { t } = useText();
  const engines = useEngineStore((state) => state.engines);
  const waiting = useTelemetryStore((state) => state.sample?.engine.waiting ?? 0);
  const answers = useRunningAnswers();
  const shown = engines?.filter(({ phase }) => phase !== "off") ?? [];
  return (
    <section className="card" aria-labelledby="slots-title">
      <div className="cardhead">
        <h2 className="med grow" id="slots-title">
          {t("monitor.slots.title")}
        </h2>
        {waiting > 0 && <span className="t12 warn">{t("monitor.slots.waiting", { count: waiting })}</span>}
        <SlotSummary engines={shown} />
      </div>
      {shown.length === 0 ? (
        <p className="card-note ink2">{t("monitor.slots.empty")}</p>
      ) : (
        <div className="table-wrap">
          <table className="tb dense">
            <thead>
              <tr>
                <th>{t("monitor.slots.model")}</th>
                <th>{t("monitor.slots.state")}</th>
                <th>{t("monitor.slots.request")}</th>
                <th className="lo-md">{t("monitor.slots.context")}</th>
                <th className="r">{t("monitor.slots.speed")}</th>
                <th className="r">{t("monitor.slots.age")}</th>
                <th>
                  <span className="sr">{t("monitor.slots.cancel")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((engine) => (
                <EngineRows
                  key={engine.engineId}
                  engine={engine}
                  answers={answers.filter(({ message }) => message.model?.id === engine.model?.id)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function SlotSummary({ engines }: { engines: readonly EngineState[] }) {
  const { t, format } = useText();
  const [engine, ...others] = engines;
  if (!engine) return null;
  if (others.length > 0 || !engine.plan || !engine.model) {
    return <span className="t12 ink3">{t("monitor.slots.engines", { count: engines.length })}</span>;
  }
  const { slots, contextSize } = engine.plan;
  const share = { model: engine.model.name, count: slots, size: format.compact(contextSize) };
  return <span className="t12 ink3 clip">{t("monitor.slots.share", share)}</span>;
}

function EngineRows({ engine, answers }: { engine: EngineState; answers: readonly RunningAnswer[] }) {
  if (answers.length === 0) return <SlotRow engine={engine} answer={null} alone />;
  return answers.map((answer) => (
    <SlotRow key={answer.message.id} engine={engine} answer={answer} alone={answers.length === 1} />
  ));
}

function SlotRow({ engine, answer, alone }: { engine: EngineState; answer: RunningAnswer | null; alone: boolean }) {
  const text = useText();
  const { t, format } = text;
  // What an engine says of its context and speed belongs to one answer only while it writes one.
  const contextUsed = alone ? engine.contextUsed : null;
  const speed = answer !== null && alone ? engine.tokensPerSecond : null;
  const state =
    answer === null && engine.phase === "ready" ? t("monitor.slots.idle") : t(`shell.monitor.phase.${engine.phase}`);
  return (
    <tr>
      <td>
        <span className="med">{engine.model?.name ?? unknown}</span>{" "}
        <span className="t12 ink3 nowrap">{deviceWords(engine, text)}</span>
      </td>
      <td>
        <span className="row g8 nowrap">
          <Lamp state={lamps[engine.phase]} />
          {state}
        </span>
      </td>
      <td>{answer ? <RequestLink answer={answer} /> : engine.error && describeError(engine.error, text).title}</td>
      <td className="lo-md">
        <span className="row g8">
          <span className="mini">
            <ProgressBar
              value={contextUsed === null || !engine.contextSize ? null : contextUsed / engine.contextSize}
            />
          </span>
          <span className="ink2 nowrap">
            {contextUsed === null ? unknown : format.compact(contextUsed)} /{" "}
            {engine.contextSize === null ? unknown : format.compact(engine.contextSize)}
          </span>
        </span>
      </td>
      <td className="r">{format.speedFigure(speed)}</td>
      <td className="r ink2">{answer ? <Age since={answer.message.createdAt} /> : unknown}</td>
      <td className="r">{answer && <CancelButton answer={answer} />}</td>
    </tr>
  );
}

function RequestLink({ answer }: { answer: RunningAnswer }) {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  const title = answer.title === "" ? t("monitor.slots.untitled") : answer.title;
  return (
    <button
      type="button"
      className="link clip slot-request"
      onClick={() => open({ section: "chat", id: answer.chatId })}
    >
      {t("monitor.slots.chat", { title })}
    </button>
  );
}

/** By the clock of the readings, so that it moves with them. */
function Age({ since }: { since: number }) {
  const { format } = useText();
  const now = useTelemetryStore((state) => state.sample?.at ?? state.latest?.at ?? since);
  return <>{format.duration(Math.max(0, Math.round((now - since) / 1000) * 1000))}</>;
}

function CancelButton({ answer }: { answer: RunningAnswer }) {
  const { t } = useText();
  const client = useClient();
  const showError = useErrorToast();
  const { generationId } = answer.message;
  const cancel = useMutation({
    mutationFn: (id: string) => client.generation.cancel({ generationId: id }),
    onError: showError,
  });
  if (generationId === null) return null;
  return (
    <Button variant="quiet" size="xs" onClick={() => cancel.mutate(generationId)}>
      {t("monitor.slots.cancel")}
    </Button>
  );
}
