import { useState } from "react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useEngineBinaries } from "../../../app/data/use-engine-binaries.ts";
import { useMachine } from "../../../app/data/use-hardware.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Banner, Button } from "../../../primitives/index.ts";

const storageKey = "deskside.engine-offer";

/** A card could do the work, and only its engine is missing: said once for each version of the engine. */
export function EngineOffer() {
  const { t, format } = useText();
  const { data } = useEngineBinaries();
  const { data: machine } = useMachine();
  const { open } = useNavigationStore((state) => state.actions);
  const [closed, setClosed] = useState(() => localStorage.getItem(storageKey));
  const offered = data?.binaries.find(
    ({ state, helps, obstacle, progress }) => state === "fetchable" && helps && obstacle === null && progress === null,
  );
  const device = machine?.gpus.find(({ api }) => api === offered?.api) ?? machine?.gpus[0];
  if (!data || !offered || !device || closed === data.libraryVersion) return null;
  return (
    <Banner
      wide
      tone="info"
      title={t("engine.programs.offerTitle", { device: device.name })}
      actions={
        <Button size="sm" onClick={() => open({ section: "settings", id: "hardware" })}>
          {t("engine.programs.offerOpen")}
        </Button>
      }
      onClose={() => {
        localStorage.setItem(storageKey, data.libraryVersion);
        setClosed(data.libraryVersion);
      }}
    >
      {t("engine.programs.offerBody", { size: format.fileSize(offered.downloadBytes) })}
    </Banner>
  );
}
