/** What the writing child stores as step `step` of a message: the checking parent can compute it. */
export function writtenText(chatId: string, serial: number, step: number): string {
  return `${chatId}/${serial}/${step} ${"断电 power cut ".repeat(((serial * 31 + step * 17) % 60) + 1)}`;
}
