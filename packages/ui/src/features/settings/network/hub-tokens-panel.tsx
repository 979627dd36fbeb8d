import type { HubToken } from "@deskside/contract";
import { useId, useState } from "react";
import { useHubTokens } from "../../../app/data/use-hub-tokens.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Button, IconButton } from "../../../primitives/index.ts";
import { Panel, Row } from "../setting-row.tsx";

/** Tokens of hubs: one is typed in and never shown again. */
export function HubTokensPanel() {
  const { t } = useText();
  const helpId = useId();
  const { tokens, save, remove } = useHubTokens();
  return (
    <Panel title={t("settings.tokens.title")}>
      <Row name={t("settings.tokens.name")} help={t("settings.tokens.help")} helpId={helpId}>
        <div className="text-list">
          {tokens.length === 0 && <span className="ink3">{t("settings.tokens.none")}</span>}
          <ul className="text-list-items">
            {tokens.map((token) => (
              <TokenItem key={token.host} token={token} onRemove={() => remove(token.host)} />
            ))}
          </ul>
          <AddToken describedBy={helpId} onSave={save} />
        </div>
      </Row>
    </Panel>
  );
}

function TokenItem({ token, onRemove }: { token: HubToken; onRemove: () => void }) {
  const { t, format } = useText();
  const { host, lastFour, savedAt } = token;
  return (
    <li className="row g4">
      <span className="mono grow clip" title={host}>
        {host}
      </span>
      <span className="mono ink2">…{lastFour}</span>
      <span className="t12 ink3 nowrap">
        {savedAt === null ? t("settings.tokens.environment") : format.dateTime(savedAt)}
      </span>
      {savedAt !== null && (
        <IconButton icon="close" size="xs" label={t("settings.tokens.remove", { host })} onClick={onRemove} />
      )}
    </li>
  );
}

function AddToken(props: {
  describedBy: string;
  onSave: (input: { host: string; token: string }, options: { onSuccess: () => void }) => void;
}) {
  const { t } = useText();
  const [host, setHost] = useState("huggingface.co");
  const [token, setToken] = useState("");
  const isReady = host.trim() !== "" && token.trim() !== "";
  return (
    <form
      className="text-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) props.onSave({ host: host.trim(), token: token.trim() }, { onSuccess: () => setToken("") });
      }}
    >
      <span className="field sm">
        <input
          className="grow mono"
          aria-label={t("settings.tokens.host")}
          value={host}
          onChange={(event) => setHost(event.target.value)}
        />
      </span>
      <span className="row g8">
        <span className="field sm grow">
          <input
            className="grow mono"
            type="password"
            autoComplete="off"
            aria-label={t("settings.tokens.token")}
            aria-describedby={props.describedBy}
            placeholder="hf_…"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </span>
        <Button size="sm" type="submit" disabled={!isReady}>
          {t("settings.tokens.save")}
        </Button>
      </span>
    </form>
  );
}
