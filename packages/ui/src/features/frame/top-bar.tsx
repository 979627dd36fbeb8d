import type { WindowBridge } from "@deskside/contract/shell";
import { useBridge, useNavigationStore } from "../../app/client-context.tsx";
import { useText } from "../../i18n/use-text.ts";
import { useShortcutKeys } from "../../keyboard/use-shortcuts.ts";
import { classNames, Icon, IconButton, Kbd } from "../../primitives/index.ts";
import { Mark } from "./mark.tsx";
import type { PaneState } from "./use-panes.ts";

export function TopBar(props: { list: PaneState; inspector: PaneState; onSearch: () => void }) {
  const { list, inspector, onSearch } = props;
  const { t } = useText();
  const keys = useShortcutKeys();
  const bridge = useBridge();
  const canGoBack = useNavigationStore((state) => state.canGoBack);
  const canGoForward = useNavigationStore((state) => state.canGoForward);
  const { back, forward } = useNavigationStore((state) => state.actions);
  const windowControls = bridge?.capabilities.windowControls === true;
  return (
    <header className={classNames("top", windowControls && "drag")} data-pane="top" tabIndex={-1}>
      <div className="top-l">
        <span className="brand">
          <Mark />
        </span>
        <IconButton
          icon="panel-left"
          label={t("shell.top.toggleList")}
          shortcut={keys("toggleList")}
          disabled={!list.exists}
          aria-expanded={list.exists ? list.shown : undefined}
          onClick={list.toggle}
        />
        <IconButton
          icon="chevron-left"
          label={t("shell.top.back")}
          shortcut={keys("back")}
          disabled={!canGoBack}
          onClick={back}
        />
        <IconButton
          icon="chevron-right"
          label={t("shell.top.forward")}
          shortcut={keys("forward")}
          disabled={!canGoForward}
          onClick={forward}
        />
      </div>
      <button type="button" className="omni" aria-haspopup="dialog" onClick={onSearch}>
        <Icon name="search" size={14} />
        <span className="grow clip">{t("shell.top.omni")}</span>
        <Kbd keys={keys("palette")} />
      </button>
      <div className="top-r">
        <IconButton
          icon="panel-right"
          label={t("shell.top.toggleInspector")}
          shortcut={keys("toggleInspector")}
          disabled={!inspector.exists}
          pressed={inspector.exists ? inspector.shown : undefined}
          onClick={inspector.toggle}
        />
        {windowControls && bridge && <WindowButtons bridge={bridge} />}
      </div>
    </header>
  );
}

const windowButtons = [
  { action: "minimize", icon: "minus", size: 14 },
  { action: "maximize", icon: "square", size: 12 },
  { action: "close", icon: "close", size: 14 },
] as const;

function WindowButtons({ bridge }: { bridge: WindowBridge }) {
  const { t } = useText();
  return (
    <div className="caption">
      {windowButtons.map(({ action, icon, size }) => (
        <button
          key={action}
          type="button"
          className={`caption-${action}`}
          aria-label={t(`shell.top.${action}`)}
          onClick={() => bridge.windowControl(action)}
        >
          <Icon name={icon} size={size} />
        </button>
      ))}
    </div>
  );
}
