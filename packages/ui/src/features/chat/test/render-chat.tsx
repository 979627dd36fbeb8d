import { createFakeClient, type FakeClient } from "@deskside/testing/fake-client";
import { act, fireEvent, screen } from "@testing-library/react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useSystemEvents } from "../../../app/use-system-events.ts";
import type { Language } from "../../../i18n/languages.ts";
import { Toaster } from "../../../primitives/index.ts";
import { type Rendered, renderDeskside } from "../../../test-support/render-deskside.tsx";
import { ChatInspector } from "../inspector/chat-inspector.tsx";
import { ChatList } from "../list/chat-list.tsx";
import { ChatScreen } from "../screen/chat-screen.tsx";

/** The three panes of the section as the window shows them. For tests. */
function ChatSection() {
  useSystemEvents();
  const route = useNavigationStore((state) => state.route);
  const { open } = useNavigationStore((state) => state.actions);
  return (
    <>
      <aside aria-label="list">
        <ChatList />
      </aside>
      <main className="main">
        <ChatScreen chatId={route.id} onOpenChat={(id) => open({ section: "chat", id })} />
      </main>
      <aside aria-label="inspector">
        <ChatInspector chatId={route.id} />
      </aside>
      <Toaster />
    </>
  );
}

export async function renderChat(
  options: { fake?: FakeClient; chatId?: string; language?: Language } = {},
): Promise<Rendered> {
  const { fake = createFakeClient({ pieceMs: null }), chatId, language = "en" } = options;
  const rendered = renderDeskside(<ChatSection />, {
    fake,
    language,
    hash: chatId === undefined ? "#/chat" : `#/chat/${chatId}`,
  });
  await settle();
  return rendered;
}

/** Lets calls to the fake backend and the frame after them pass. */
export async function settle(ms = 0): Promise<void> {
  await act(async () => new Promise((resolve) => setTimeout(resolve, 30 + ms)));
}

export const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: /^(?:Message|消息)$/ });

export function type(text: string): void {
  fireEvent.change(field(), { target: { value: text } });
}

export async function sendMessage(text: string): Promise<void> {
  type(text);
  fireEvent.keyDown(field(), { key: "Enter" });
  await settle();
}

/** Runs something that changes the fake, and waits until it is shown. */
export async function change(work: () => void): Promise<void> {
  await act(async () => work());
  await settle();
}
