/** Keys of everything the query cache holds. Events of the backend invalidate by these. */
export const queryKeys = {
  chats: ["chats"] as const,
  chatList: ["chats", "list"] as const,
  chatTrash: ["chats", "trash"] as const,
  chatSearch: (query: string) => ["chats", "search", query] as const,
  chat: (chatId: string) => ["chat", chatId] as const,
  models: ["models"] as const,
  settings: ["settings"] as const,
  info: ["info"] as const,
  egress: ["egress"] as const,
};
