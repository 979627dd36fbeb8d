import { useDetectAgain, useMachine } from "../../app/data/use-hardware.ts";
import { describeError, toErrorData } from "../../i18n/describe-error.ts";
import { useText } from "../../i18n/use-text.ts";
import { Banner, Button } from "../../primitives/index.ts";
import { MachineFacts, MachineNotes } from "./machine-facts.tsx";

/** The measured machine with a button that measures again. `short` leaves out what only experts ask for. */
export function MachineCard({ short = false }: { short?: boolean }) {
  const text = useText();
  const { t, format } = text;
  const { data: machine, error } = useMachine();
  return (
    <section className="card machine" aria-labelledby="machine-title">
      <div className="cardhead">
        <h2 className="med grow" id="machine-title">
          {t("hardware.card.title")}
        </h2>
        {machine && (
          <span className="t12 ink3">{t("hardware.card.at", { time: format.moment(machine.at, Date.now()) })}</span>
        )}
        <DetectButton />
      </div>
      {machine && <MachineFacts machine={machine} short={short} />}
      {machine && <MachineNotes machine={machine} />}
      {!machine && !error && <p className="card-note ink3">{t("hardware.card.measuring")}</p>}
      {!machine && error !== null && (
        <div className="card-note">
          <Banner tone="danger" title={t("hardware.card.failed")}>
            {describeError(toErrorData(error), text).body}
          </Banner>
        </div>
      )}
    </section>
  );
}

function DetectButton() {
  const { t } = useText();
  const { detect, detecting } = useDetectAgain();
  return (
    <Button variant="quiet" size="xs" icon="refresh" busy={detecting && t("hardware.card.detecting")} onClick={detect}>
      {t("hardware.card.again")}
    </Button>
  );
}
