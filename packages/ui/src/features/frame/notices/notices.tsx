import { useState } from "react";
import { useConnectionStore } from "../../../app/client-context.tsx";
import { useSystemInfo } from "../../../app/data/use-system.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Banner } from "../../../primitives/index.ts";
import { EngineOffer } from "./engine-offer.tsx";
import { LoadNotices } from "./load-notices.tsx";

/** What the whole window has to know: the connection, and the state of the store. */
export function Notices() {
  return (
    <div className="notices">
      <ConnectionNotice />
      <StoreNotices />
      <LoadNotices />
      <EngineOffer />
    </div>
  );
}

function ConnectionNotice() {
  const { t, format } = useText();
  const phase = useConnectionStore((state) => state.phase);
  const failures = useConnectionStore((state) => state.failures);
  if (phase === "connected" || (phase === "connecting" && failures === 0)) return null;
  if (phase === "lost") {
    return (
      <Banner wide tone="danger" title={t("shell.connection.lost")}>
        {t("shell.connection.lostBody", { failures: format.integer(failures) })}
      </Banner>
    );
  }
  if (phase === "connecting") return <Banner wide tone="info" title={t("shell.connection.connecting")} />;
  return (
    <Banner wide tone="warn" title={t("shell.connection.reconnecting")}>
      {t("shell.connection.reconnectingBody")}
    </Banner>
  );
}

function StoreNotices() {
  const { t } = useText();
  const store = useSystemInfo()?.store;
  const [closed, setClosed] = useState<string | null>(null);
  if (!store) return null;
  const { quarantined, readOnly } = store;
  return (
    <>
      {readOnly && (
        <Banner wide tone="danger" title={t("shell.store.readOnlyTitle")}>
          {t("shell.store.readOnlyBody", { reason: t(`errors.readOnly.${readOnly}`) })}
        </Banner>
      )}
      {quarantined && closed !== quarantined.path && (
        <Banner wide tone="warn" title={t("shell.store.quarantinedTitle")} onClose={() => setClosed(quarantined.path)}>
          {quarantined.restoredFrom === null
            ? t("shell.store.quarantinedBody", {
                reason: t(`errors.database.${quarantined.reason}`),
                path: quarantined.path,
              })
            : t("shell.store.quarantinedRestored", {
                reason: t(`errors.database.${quarantined.reason}`),
                path: quarantined.path,
                backup: quarantined.restoredFrom,
              })}
        </Banner>
      )}
    </>
  );
}
