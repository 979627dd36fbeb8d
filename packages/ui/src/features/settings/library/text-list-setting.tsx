import { type SettingKey, settingSchemas } from "@deskside/contract";
import { useState } from "react";
import { useSetSetting, useSettings } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, classNames, IconButton } from "../../../primitives/index.ts";
import { SettingRow } from "../setting-row.tsx";

type ListKey = Extract<
  SettingKey,
  "library.mirrors" | "library.folders" | "library.privateFileHosts" | "library.trustedBundles"
>;
type ListWords = "mirrors" | "folders" | "privateHosts" | "trustedBundles";

/** An ordered list of texts: one is added, removed or moved up at a time. */
export function TextListSetting(props: {
  settingKey: ListKey;
  words: ListWords;
  /** Why a typed text cannot be used; null when it can. */
  problemOf: (typed: string) => string | null;
  /** Offered beside the field; what is in the list already is left out. */
  known?: readonly string[];
}) {
  const { settingKey, words, problemOf, known = [] } = props;
  const { t } = useText();
  const values = useSettings()[settingKey];
  const set = useSetSetting();
  const add = (value: string) => set(settingKey, [...values, value]);
  return (
    <SettingRow
      settingKey={settingKey}
      name={t(`library.settings.${words}.name`)}
      help={t(`library.settings.${words}.help`)}
    >
      {({ label, describedBy, disabled }) => (
        <div className="text-list">
          {values.length === 0 && <span className="ink3">{t(`library.settings.${words}.none`)}</span>}
          <ListItems {...{ settingKey, words, values, disabled }} />
          <AddForm {...{ settingKey, words, problemOf, values, disabled, describedBy }} title={label} onAdd={add} />
          <Known names={known.filter((name) => !values.includes(name))} disabled={disabled} onAdd={add} />
        </div>
      )}
    </SettingRow>
  );
}

function AddForm(props: {
  settingKey: ListKey;
  words: ListWords;
  problemOf: (typed: string) => string | null;
  values: readonly string[];
  disabled: boolean;
  describedBy: string;
  title: string;
  onAdd: (value: string) => void;
}) {
  const { settingKey, words, problemOf, values, disabled, describedBy, title, onAdd } = props;
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const text = typed.trim();
  const problem = text === "" ? null : problemOf(text);
  const ok =
    text !== "" &&
    problem === null &&
    !values.includes(text) &&
    settingSchemas[settingKey].safeParse([...values, text]).success;
  return (
    <>
      <form
        className="row g8"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ok) return;
          onAdd(text);
          setTyped("");
        }}
      >
        <span className={classNames("field sm grow", problem !== null && "bad")}>
          <input
            className="grow"
            aria-label={t(`library.settings.${words}.add`)}
            aria-describedby={describedBy}
            aria-invalid={problem !== null || undefined}
            placeholder={t(`library.settings.${words}.placeholder`)}
            value={typed}
            disabled={disabled}
            onChange={(event) => setTyped(event.target.value)}
          />
        </span>
        <Button size="sm" type="submit" disabled={disabled || !ok} title={title}>
          {t("library.add.confirm")}
        </Button>
      </form>
      {problem !== null && (
        <span className="help bad" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}

function ListItems(props: { settingKey: ListKey; words: ListWords; values: readonly string[]; disabled: boolean }) {
  const { settingKey, words, values, disabled } = props;
  const { t } = useText();
  const set = useSetSetting();
  const raise = (at: number) => {
    const next = [...values];
    const [moved] = next.splice(at, 1);
    if (moved !== undefined) next.splice(at - 1, 0, moved);
    set(settingKey, next);
  };
  return (
    <ol className="text-list-items">
      {values.map((value, index) => (
        <li key={value} className="row g4">
          <span className="mono grow clip" title={value}>
            {value}
          </span>
          {index > 0 && (
            <IconButton
              icon="chevron-up"
              size="xs"
              label={t("library.settings.up", { name: value })}
              disabled={disabled}
              onClick={() => raise(index)}
            />
          )}
          <IconButton
            icon="close"
            size="xs"
            label={t(`library.settings.${words}.remove`, { name: value })}
            disabled={disabled}
            onClick={() =>
              set(
                settingKey,
                values.filter((one) => one !== value),
              )
            }
          />
        </li>
      ))}
    </ol>
  );
}

function Known(props: { names: readonly string[]; disabled: boolean; onAdd: (name: string) => void }) {
  if (props.names.length === 0) return null;
  return (
    <span className="row g4 wrap">
      {props.names.map((name) => (
        <button key={name} type="button" className="chip" disabled={props.disabled} onClick={() => props.onAdd(name)}>
          + {name}
        </button>
      ))}
    </span>
  );
}
