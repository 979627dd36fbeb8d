import { utf8Length } from "@deskside/base";
import { maxMessageBytes } from "@deskside/contract";
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useState } from "react";
import { useSetting } from "../../../app/use-settings.ts";
import { useText } from "../../../i18n/use-text.ts";
import { displayKeys } from "../../../keyboard/key-combo.ts";
import { sendKeys } from "../../../keyboard/shortcuts.ts";
import type { Draft } from "../hooks/use-draft.ts";
import { isSendKey } from "./send-key.ts";

export interface ComposerFieldProps {
  draft: Draft;
  isNew: boolean;
  busy: boolean;
  onSend: () => void;
  /** Text was pasted with which the message would be too large; it is not inserted. UTF-8 bytes of the whole. */
  onRefusePaste: (bytes: number) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Where the message is typed. */
export function ComposerField({ draft, isNew, busy, onSend, onRefusePaste, field }: ComposerFieldProps) {
  const { t } = useText();
  const sendKey = useSetting("general.sendKey");
  useGrowingField(field, draft.text);
  useFocusOnOpen(field);
  const key = displayKeys(sendKeys(sendKey).send).join(" ");
  const placeholder = busy
    ? t("chat.composer.typeAhead", { key })
    : t(isNew ? "chat.composer.first" : "chat.composer.followUp");
  return (
    <textarea
      ref={field}
      className="txt"
      rows={1}
      value={draft.text}
      placeholder={placeholder}
      aria-label={t("chat.composer.label")}
      onChange={(event) => draft.setText(event.target.value)}
      onBlur={draft.flush}
      onPaste={(event) => {
        const bytes = utf8Length(event.clipboardData.getData("text")) + utf8Length(draft.text);
        if (bytes <= maxMessageBytes) return;
        // Laying such text out would freeze the window, only to refuse it then.
        event.preventDefault();
        onRefusePaste(bytes);
      }}
      onKeyDown={(event) => {
        if (!isSendKey(keyOf(event), sendKey)) return;
        event.preventDefault();
        onSend();
      }}
    />
  );
}

function keyOf(event: KeyboardEvent) {
  const { key, shiftKey, ctrlKey, metaKey, altKey, keyCode } = event;
  return { key, shiftKey, ctrlKey, metaKey, altKey, keyCode, isComposing: event.nativeEvent.isComposing };
}

/** Measuring longer text takes longer than knowing that it is too high. */
const surelyHigh = 20_000;

/** As high as its text, up to two fifths of the pane; from there it scrolls. */
function useGrowingField(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  const paneHeight = usePaneHeight(field);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    const most = Math.max(66, Math.round(paneHeight * 0.4));
    element.style.height = "auto";
    const wanted = text.length > surelyHigh ? most + 1 : element.scrollHeight;
    element.style.height = `${Math.min(most, wanted)}px`;
    element.style.overflowY = wanted > most ? "auto" : "hidden";
  }, [field, text, paneHeight]);
}

function usePaneHeight(field: RefObject<HTMLTextAreaElement | null>): number {
  const [height, setHeight] = useState(window.innerHeight);
  useEffect(() => {
    const pane = field.current?.closest<HTMLElement>(".main");
    if (!pane) return;
    const observer = new ResizeObserver(() => setHeight(pane.clientHeight));
    observer.observe(pane);
    return () => observer.disconnect();
  }, [field]);
  return height;
}

/** A chat opens ready to type, unless the keyboard is in use elsewhere. */
function useFocusOnOpen(field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const active = document.activeElement;
    if (active === null || active === document.body) field.current?.focus({ preventScroll: true });
  }, [field]);
}
