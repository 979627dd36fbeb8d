import { useSetSetting, useSettings } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { SelectField } from "../../../primitives/index.ts";
import { SettingRow } from "../setting-row.tsx";

/** Where cheap or idle hours usually are. */
const usual = { from: 22 * 60, to: 7 * 60 };

/** When downloads run. */
export function HoursRow() {
  const { t } = useText();
  const hours = useSettings()["library.downloadHours"];
  const set = useSetSetting();
  return (
    <SettingRow
      settingKey="library.downloadHours"
      name={t("library.settings.hours.name")}
      help={t("library.settings.hours.help")}
    >
      {(control) => (
        <span className="row g8 wrap">
          <SelectField<"always" | "between">
            {...control}
            width={140}
            value={hours === null ? "always" : "between"}
            options={[
              { value: "always", label: t("library.settings.hours.always") },
              { value: "between", label: t("library.settings.hours.between") },
            ]}
            onChange={(next) => set("library.downloadHours", next === "between" ? usual : null)}
          />
          {hours !== null &&
            (["from", "to"] as const).map((side) => (
              <span className="field sm" key={side}>
                <input
                  type="time"
                  required
                  aria-label={t(`library.settings.hours.${side}`)}
                  aria-describedby={control.describedBy}
                  disabled={control.disabled}
                  value={clockText(hours[side])}
                  onChange={({ target }) => {
                    const minute = minuteOf(target.value);
                    if (minute !== null) set("library.downloadHours", { ...hours, [side]: minute });
                  }}
                />
              </span>
            ))}
        </span>
      )}
    </SettingRow>
  );
}

/** "07:30", as an input of this type has it in every language. */
function clockText(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Null while it is not a whole time. */
function minuteOf(text: string): number | null {
  const match = /^(\d{2}):(\d{2})/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}
