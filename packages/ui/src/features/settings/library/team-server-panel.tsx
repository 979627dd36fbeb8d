import type { TeamServerFacts } from "@deskside/contract";
import { useState } from "react";
import { useTeamServer } from "../../../app/data/knowledge/use-team-server.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, IconButton } from "../../../primitives/index.ts";
import { Panel, type SettingControl, SettingRow } from "../setting-row.tsx";

/** The PostgreSQL of a team: its address is typed with the password, which is never shown again. */
export function TeamServerPanel() {
  const { t } = useText();
  const team = useTeamServer();
  const { server, test } = team;
  return (
    <Panel title={t("knowledge.server.title")}>
      <SettingRow settingKey="knowledge.server" name={t("knowledge.server.name")} help={t("knowledge.server.help")}>
        {(control) => (
          <div className="text-list">
            {server !== null && server.address !== null && (
              <div className="row g4">
                <span className="mono grow clip" title={server.address}>
                  {server.address}
                </span>
                <span className={server.state === "away" ? "t12 warn nowrap" : "t12 ink3 nowrap"}>
                  {t(`knowledge.server.states.${server.state}`)}
                </span>
                {!server.locked && (
                  <IconButton
                    icon="close"
                    size="xs"
                    label={t("knowledge.server.remove")}
                    onClick={() => team.remove(undefined, { onSuccess: test.reset })}
                  />
                )}
              </div>
            )}
            <AddressForm
              control={control}
              isSet={server !== null && server.address !== null}
              isTesting={test.isPending}
              onSave={team.save}
              onTest={(text) => test.mutate(text)}
            />
            {test.data && <Facts facts={test.data} />}
          </div>
        )}
      </SettingRow>
    </Panel>
  );
}

function AddressForm(props: {
  control: SettingControl;
  isSet: boolean;
  isTesting: boolean;
  onSave: (connectionString: string, options: { onSuccess: () => void }) => void;
  onTest: (connectionString: string | null) => void;
}) {
  const { t } = useText();
  const [typed, setTyped] = useState("");
  const text = typed.trim();
  return (
    <form
      className="text-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (text !== "") props.onSave(text, { onSuccess: () => setTyped("") });
      }}
    >
      <span className="field sm">
        <input
          className="grow mono"
          type="password"
          autoComplete="off"
          aria-label={t("knowledge.server.address")}
          aria-describedby={props.control.describedBy}
          placeholder="postgres://name:password@host/database"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </span>
      <span className="row g8">
        <Button
          size="sm"
          disabled={props.isTesting || (text === "" && !props.isSet)}
          onClick={() => props.onTest(text === "" ? null : text)}
        >
          {t("knowledge.server.test")}
        </Button>
        <Button size="sm" type="submit" disabled={text === ""}>
          {t("knowledge.save")}
        </Button>
      </span>
    </form>
  );
}

function Facts({ facts: { server, vectors, encrypted } }: { facts: TeamServerFacts }) {
  const { t } = useText();
  return (
    <span className="help" role="status">
      {t("knowledge.server.works", { server, vectors })} {!encrypted && t("knowledge.server.plain")}
    </span>
  );
}
