import type { SettingKey } from "@deskside/contract";
import { type ReactNode, useId } from "react";
import { isDefaultValue, useSettingEntries } from "../../app/use-settings.ts";
import { useText } from "../../i18n/use-text.ts";
import { Icon } from "../../primitives/index.ts";

/** One row of a panel: name, help, control or value. */
export function Row(props: {
  id?: string;
  name: string;
  help?: string | undefined;
  helpId?: string;
  mark?: ReactNode;
  children: ReactNode;
}) {
  const { id, name, help, helpId, mark, children } = props;
  return (
    <div className="set" id={id}>
      <div>
        <div className="n row g8">
          {name}
          {mark}
        </div>
        {help !== undefined && (
          <div className="d" id={helpId}>
            {help}
          </div>
        )}
      </div>
      <div className="c">{children}</div>
    </div>
  );
}

export interface SettingControl {
  label: string;
  describedBy: string;
  disabled: boolean;
}

/** The row of a setting: marks the default, and a lock where the organisation has fixed it. */
export function SettingRow(props: {
  settingKey: SettingKey;
  name: string;
  help: string;
  children: (control: SettingControl) => ReactNode;
}) {
  const { settingKey, name, help, children } = props;
  const { t } = useText();
  const helpId = useId();
  const entry = useSettingEntries()?.find((candidate) => candidate.key === settingKey);
  const locked = entry?.locked ?? false;
  const isDefault = entry !== undefined && isDefaultValue(entry);
  return (
    <Row
      id={`setting-${settingKey}`}
      name={name}
      help={help}
      helpId={helpId}
      mark={
        locked ? (
          <span className="row g4 t12 ink3 regular">
            <Icon name="lock" size={12} />
            {t("settings.locked")}
          </span>
        ) : (
          isDefault && <span className="t12 ink3 regular">{t("settings.default")}</span>
        )
      }
    >
      {children({ label: name, describedBy: helpId, disabled: locked || entry === undefined })}
    </Row>
  );
}

export function Panel({ title, actions, children }: { title?: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section>
      {title !== undefined && (
        <h2>
          {title}
          {actions !== undefined && <span className="end row g8">{actions}</span>}
        </h2>
      )}
      <div className="panel">{children}</div>
    </section>
  );
}
