import { settingKeys } from "@deskside/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { useClient } from "../../app/client-context.tsx";
import { queryKeys } from "../../app/query-keys.ts";
import { useErrorToast } from "../../app/use-error-toast.ts";
import { isDefaultValue, useSettingEntries } from "../../app/use-settings.ts";
import { useText } from "../../i18n/use-text.ts";
import { Button, toast } from "../../primitives/index.ts";
import { AboutSection } from "./about-section.tsx";
import { GeneralSection } from "./general-section.tsx";
import { HardwareSection } from "./hardware/hardware-section.tsx";
import { LibrarySection } from "./library/library-section.tsx";
import { NetworkSection } from "./network/network-section.tsx";
import { PrivacySection } from "./privacy-section.tsx";
import { type SettingsSection, settingsSectionOf } from "./settings-index.ts";
import { ShortcutsSection } from "./shortcuts-section.tsx";
import { ApiSection, ProvidersSection, SecuritySection, StorageSection } from "./simple-sections.tsx";

const pages: Record<SettingsSection, ComponentType> = {
  general: GeneralSection,
  hardware: HardwareSection,
  library: LibrarySection,
  network: NetworkSection,
  privacy: PrivacySection,
  security: SecuritySection,
  api: ApiSection,
  providers: ProvidersSection,
  storage: StorageSection,
  shortcuts: ShortcutsSection,
  about: AboutSection,
};

export function SettingsScreen({ id }: { id: string | null }) {
  const { t } = useText();
  const section = settingsSectionOf(id);
  const Page = pages[section];
  const resettable = settingKeys.some((key) => key.startsWith(`${section}.`));
  return (
    <>
      <div className="head">
        <h1>{t(`settings.sections.${section}`)}</h1>
        <span className="grow" />
        {resettable && <ResetButton section={section} />}
      </div>
      <div className="scroll">
        <div className="sbody">
          <Page />
        </div>
      </div>
    </>
  );
}

function ResetButton({ section }: { section: SettingsSection }) {
  const { t } = useText();
  const client = useClient();
  const queries = useQueryClient();
  const showError = useErrorToast();
  const changed = useSettingEntries()?.some(
    (entry) => entry.key.startsWith(`${section}.`) && !entry.locked && !isDefaultValue(entry),
  );
  const reset = useMutation({
    mutationFn: () => client.settings.resetSection({ section }),
    onSuccess: () => toast({ tone: "ok", text: t("settings.resetDone") }),
    onError: showError,
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.settings }),
  });
  return (
    <Button variant="quiet" size="sm" icon="refresh" disabled={!changed} onClick={() => reset.mutate()}>
      {t("settings.resetSection")}
    </Button>
  );
}
