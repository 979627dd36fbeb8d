import { Dialog } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { useContext, useState } from "react";
import { matchesKeys } from "../../keyboard/key-combo.ts";
import { useText } from "../../i18n/use-text.ts";
import { DisplayContext, Icon, Kbd } from "../../primitives/index.ts";
import { filterPalette, isPlain, markHits, type PaletteEntry, type PaletteGroup } from "./palette-entries.ts";
import { useAskEverything } from "./use-ask-everything.ts";
import { type PaletteContext, usePaletteSources } from "./use-palette-sources.ts";

export interface CommandPaletteProps extends PaletteContext {
  open: boolean;
  /** What the field holds when it opens, e.g. "@". */
  initialQuery: string;
  onClose: () => void;
}

export function CommandPalette({ open, onClose, ...rest }: CommandPaletteProps) {
  const { t } = useText();
  const display = useContext(DisplayContext);
  return (
    <Dialog.Root
      open={open}
      modal="trap-focus"
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Dialog.Portal container={display?.current ?? undefined}>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="palette" aria-label={t("shell.palette.title")}>
          <PaletteBody {...rest} onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteBody({ initialQuery, onClose, ...context }: Omit<CommandPaletteProps, "open">) {
  const { t } = useText();
  const [query, setQuery] = useState(initialQuery);
  const { ready, ...sources } = usePaletteSources(context);
  const groups = ready ? filterPalette(query, sources) : [];
  const count = groups.reduce((sum, group) => sum + group.entries.length, 0);
  const run = (entry: PaletteEntry) => {
    // The palette gives the focus back before the command may want it.
    onClose();
    queueMicrotask(entry.run);
  };
  const ask = useAskEverything();
  const canAsk = ask !== null && isPlain(query);
  const askNow = () => {
    onClose();
    ask?.(query.trim());
  };
  return (
    <Command
      shouldFilter={false}
      loop
      label={t("shell.palette.title")}
      onKeyDown={(event) => {
        if (!canAsk || event.nativeEvent.isComposing || !matchesKeys("Mod+Enter", event.nativeEvent)) return;
        event.preventDefault();
        askNow();
      }}
    >
      <div className="q">
        <Icon name="search" />
        <Command.Input
          autoFocus
          className="grow"
          value={query}
          onValueChange={setQuery}
          placeholder={t("shell.palette.placeholder")}
        />
        <Kbd keys="Escape" />
      </div>
      <Command.List className="palette-list">
        {ready && (
          <Command.Empty className="pad8 ink3">{t("common.nothingFound", { query: query.trim() })}</Command.Empty>
        )}
        {groups.map((group) => (
          <EntryGroup key={group.id} group={group} query={query} onRun={run} />
        ))}
        {canAsk && (
          <Command.Group heading={<div className="grp">{t("shell.palette.ask")}</div>}>
            <Command.Item value="ask-everything" className="pi" onSelect={askNow}>
              <Icon name="book" />
              <span className="grow clip">{t("shell.palette.askEverything", { question: query.trim() })}</span>
              <Kbd keys="Mod+Enter" split />
            </Command.Item>
          </Command.Group>
        )}
      </Command.List>
      <PaletteFoot count={count} />
    </Command>
  );
}

function EntryGroup(props: { group: PaletteGroup; query: string; onRun: (entry: PaletteEntry) => void }) {
  const { t } = useText();
  const { group, query, onRun } = props;
  return (
    <Command.Group heading={<div className="grp">{t(`shell.palette.${group.id}`)}</div>}>
      {group.entries.map((entry) => (
        <Command.Item key={entry.id} value={entry.id} className="pi" onSelect={() => onRun(entry)}>
          <Icon name={entry.icon} />
          <span className="grow clip">
            <Marked label={entry.label} query={query} />
          </span>
          {entry.meta !== undefined && <span className="meta">{entry.meta}</span>}
          {entry.keys !== undefined && <Kbd keys={entry.keys} split />}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

function Marked({ label, query }: { label: string; query: string }) {
  let at = 0;
  return markHits(label, query).map((part) => {
    const key = at;
    at += part.text.length;
    return part.hit ? <mark key={key}>{part.text}</mark> : <span key={key}>{part.text}</span>;
  });
}

function PaletteFoot({ count }: { count: number }) {
  const { t } = useText();
  return (
    <div className="pf">
      <span className="row g6">
        <Kbd keys="ArrowUp" />
        <Kbd keys="ArrowDown" />
        {t("shell.palette.move")}
      </span>
      <span className="row g6">
        <Kbd keys="Enter" />
        {t("shell.palette.run")}
      </span>
      <span className="row g6">
        <Kbd keys=">" />
        {t("shell.palette.footCommands")}
      </span>
      <span className="row g6">
        <Kbd keys="@" />
        {t("shell.palette.footModels")}
      </span>
      <span className="row g6">
        <Kbd keys="#" />
        {t("shell.palette.footCollections")}
      </span>
      <span className="end" role="status">
        {t("shell.palette.results", { count })}
      </span>
    </div>
  );
}
