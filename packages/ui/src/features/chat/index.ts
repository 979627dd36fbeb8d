export { ChatInspector } from "./inspector/chat-inspector.tsx";
export { ChatList } from "./list/chat-list.tsx";
export { ChatScreen, type ChatScreenProps } from "./screen/chat-screen.tsx";
export { useSetChatScope } from "./state/use-chat-session.ts";
