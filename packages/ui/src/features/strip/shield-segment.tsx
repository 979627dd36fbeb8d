import { useTelemetryStore } from "../../app/client-context.tsx";
import { useEgress } from "../../app/data/use-system.ts";
import { type Text, useText } from "../../i18n/use-text.ts";
import { classNames, Icon, type IconName } from "../../primitives/index.ts";
import { EgressShortTable } from "./egress-table.tsx";
import { PopoverHead, PopoverSegment } from "./segment.tsx";
import type { ShieldView } from "./shield-view.ts";
import type { Shield } from "./use-shield.ts";

export const shieldLook: Record<ShieldView["state"], { icon: IconName; className: string }> = {
  offline: { icon: "shield", className: "" },
  online: { icon: "shield-dot", className: "net" },
  blocked: { icon: "shield-x", className: "blocked" },
  unknown: { icon: "shield-unknown", className: "unknown" },
};

/** The shield in one line, e.g. "Offline, 0 connections". */
export function shieldWords(view: ShieldView, { t }: Text): string {
  switch (view.state) {
    case "offline":
      return [t("shell.shield.offline"), t("shell.shield.connections", { count: 0 })].join(t("common.comma"));
    case "online": {
      const connections = t("shell.shield.connections", { count: view.count });
      return view.host === null ? connections : [connections, view.host].join(t("common.comma"));
    }
    case "blocked":
      return [
        t("shell.shield.blocked", { count: view.blocked }),
        t("shell.shield.connections", { count: view.count }),
      ].join(t("common.comma"));
    case "unknown":
      return t("shell.shield.unknown");
  }
}

export function ShieldSegment({ shield }: { shield: Shield }) {
  const text = useText();
  const { view } = shield;
  return (
    <PopoverSegment
      className={classNames("shield", shieldLook[view.state].className)}
      label={shieldWords(view, text)}
      popoverLabel={shieldWords(view, text)}
      width={440}
      align="end"
      onOpenChange={(open) => {
        if (!open) shield.markSeen();
      }}
      popover={<ConnectionsPopover view={view} />}
    >
      <Icon name={shieldLook[view.state].icon} />
      <ShieldLabel view={view} />
    </PopoverSegment>
  );
}

function ShieldLabel({ view }: { view: ShieldView }) {
  const { t } = useText();
  switch (view.state) {
    case "offline":
    case "blocked": {
      const count = view.state === "offline" ? 0 : view.count;
      return (
        <span>
          <b>
            {view.state === "offline" ? t("shell.shield.offline") : t("shell.shield.blocked", { count: view.blocked })}
          </b>
          {" — "}
          {count}
          <span className="lo"> {t("shell.shield.connectionsWord", { count })}</span>
        </span>
      );
    }
    case "online":
      return (
        <span>
          <b>{t("shell.shield.connections", { count: view.count })}</b>
          {view.host !== null && <span className="lo"> — {view.host}</span>}
        </span>
      );
    case "unknown":
      return <b>{t("shell.shield.unknown")}</b>;
  }
}

const shownEntries = 8;

function ConnectionsPopover({ view }: { view: ShieldView }) {
  const text = useText();
  const { t } = text;
  const reading = useTelemetryStore((state) => state.latest?.connections ?? null);
  const egress = useEgress() ?? [];
  const sockets = reading?.known ? reading.connections : [];
  return (
    <>
      <PopoverHead
        title={shieldWords(view, text)}
        icon={
          <Icon name={shieldLook[view.state].icon} className={classNames("shield", shieldLook[view.state].className)} />
        }
      />
      <div className="pop-scroll">
        {view.state === "unknown" && <p className="pb ink2">{t(`shell.shield.unknownReason.${view.reason}`)}</p>}
        {view.state !== "unknown" && (
          <div className="pb col g4">
            <div className="label">{t("shell.shield.openNow")}</div>
            {sockets.length === 0 && <div className="ink2">{t("shell.shield.noneOpen")}</div>}
            {sockets.map((socket) => (
              <div
                key={`${socket.pid}-${socket.protocol}-${socket.remoteAddress}-${socket.remotePort}`}
                className="row g8"
              >
                <span className="med clip grow">{socket.host ?? socket.remoteAddress}</span>
                <span className="mono ink2 t12">
                  {socket.remoteAddress}:{socket.remotePort}
                </span>
                <span className="ink3 t12">{socket.process}</span>
              </div>
            ))}
          </div>
        )}
        {egress.length === 0 ? (
          <p className="pb pop-top ink3">{t("shell.shield.recordEmpty")}</p>
        ) : (
          <EgressShortTable entries={egress.slice(0, shownEntries)} />
        )}
      </div>
      <div className="pb pop-top t12 ink3">
        {view.state === "unknown" ? t("shell.shield.scopeUnknown") : t("shell.shield.scope", { count: view.processes })}
      </div>
    </>
  );
}
