import { useSetting } from "../../app/use-settings.ts";
import { useText } from "../../i18n/use-text.ts";
import { sendKeys, type ShortcutId, shortcutIds, shortcuts } from "../../keyboard/shortcuts.ts";
import { useShortcutKeys } from "../../keyboard/use-shortcuts.ts";
import { Kbd } from "../../primitives/index.ts";

const groups = ["general", "panes", "chat"] as const;

/** Every key in its group, as it is in this shell and with the send key that is set. */
export function ShortcutTables() {
  const { t } = useText();
  const keysOf = useShortcutKeys();
  const send = sendKeys(useSetting("general.sendKey"));
  const keys = (id: ShortcutId) => {
    if (id === "send") return send.send;
    return id === "newLine" ? send.newLine : keysOf(id);
  };
  return (
    <div className="keys">
      {groups.map((group) => (
        <section key={group}>
          <h2>{t(`shell.shortcuts.groups.${group}`)}</h2>
          <dl className="panel keys-list">
            {shortcutIds
              .filter((id) => shortcuts[id].group === group)
              .map((id) => (
                <div key={id} className="set">
                  <dt>{t(`shell.shortcuts.${id}`)}</dt>
                  <dd>
                    <Kbd keys={keys(id)} split />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
