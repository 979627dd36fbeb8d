import { deskError, type EngineState } from "@deskside/contract";
import { addChat, addMessage, createFakeClient, sampleEngines } from "@deskside/testing/fake-client";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { change, field, renderChat, sendMessage, settle, type } from "./test/render-chat.tsx";

const chatIn = (fake: ReturnType<typeof createFakeClient>) => {
  const [chat] = fake.controls.world.chats.values();
  if (!chat) throw new Error("no chat");
  return chat;
};
const withChat = (answer?: { text: string; reasoning?: string }) => {
  const fake = createFakeClient({
    pieceMs: null,
    ...(answer && { answer: () => answer }),
    chats: [{ title: "Pumps", turns: [["Which pump first?", "P-103 first."]] }],
  });
  return { fake, chatId: chatIn(fake).id };
};
const log = () => screen.getByRole("log");

describe("sending", () => {
  it("opens the new chat, streams reasoning and answer, and ends with figures", async () => {
    const fake = createFakeClient({
      pieceMs: null,
      answer: () => ({ text: "Paris it is.", reasoning: "France. Capital." }),
    });
    const { controls, deskside } = await renderChat({ fake });
    await sendMessage("Capital of France?");
    expect(deskside.navigation.getState().route.id).toBe(chatIn(fake).id);
    expect(field().value).toBe("");
    expect(within(log()).getByText("Capital of France?")).toBeDefined();
    expect(log().getAttribute("aria-busy")).toBe("true");
    await change(() => controls.step());
    // Open while it streams, closed when the answer begins.
    expect(screen.getByRole("button", { name: /Thinking/ }).getAttribute("aria-expanded")).toBe("true");
    expect(within(log()).getByText("France.")).toBeDefined();
    await change(() => controls.step());
    await change(() => controls.step());
    expect(screen.getByRole("button", { name: /Thought for 8.4 s/ }).getAttribute("aria-expanded")).toBe("false");
    await change(() => controls.finishAll());
    expect(within(log()).getByText("Paris it is.")).toBeDefined();
    expect(log().getAttribute("aria-busy")).toBe("false");
    expect(within(log()).getByTitle("Open the monitor at this moment").textContent).toContain("38.2 tok/s");
    expect(within(log()).getByTitle("Show details").textContent).toContain("0.42 s");
    expect(screen.getByText("Answer finished: Paris it is.")).toBeDefined();
  });

  it("keeps the text and says why when the message is refused", async () => {
    const { controls } = await renderChat();
    controls.failNext("generation.start", deskError("DISK_FULL", { path: "/data" }));
    await sendMessage("Precious words");
    expect(field().value).toBe("Precious words");
    expect(screen.getByRole("alert").textContent).toContain("Your text is kept.");
    await sendMessage("Precious words");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(field().value).toBe("");
  });

  it("does not send while an input method composes, nor with Shift", async () => {
    const { controls } = await renderChat();
    type("zhong");
    fireEvent.keyDown(field(), { key: "Enter", isComposing: true });
    fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
    fireEvent.keyDown(field(), { key: "Enter", shiftKey: true });
    await settle();
    expect(controls.calls.filter(({ procedure }) => procedure === "generation.start")).toHaveLength(0);
    fireEvent.keyDown(field(), { key: "Enter" });
    await settle();
    expect(controls.calls.filter(({ procedure }) => procedure === "generation.start")).toHaveLength(1);
  });

  it("follows the setting for the key that sends", async () => {
    const { client, controls } = await renderChat();
    await client.settings.set({ key: "general.sendKey", value: "ctrl-enter" });
    await settle();
    await sendMessage("Not yet");
    expect(field().value).toBe("Not yet");
    fireEvent.keyDown(field(), { key: "Enter", ctrlKey: true });
    await settle();
    expect(controls.world.messages.size).toBe(2);
  });

  it("refuses more than a megabyte with numbers and without asking the backend", async () => {
    const { controls } = await renderChat();
    await sendMessage("字".repeat(400_000));
    expect(screen.getByRole("alert").textContent).toMatch(/1\.1 MB.*1 MB/);
    expect(controls.calls.some(({ procedure }) => procedure === "generation.start")).toBe(false);
    expect(field().value).toHaveLength(400_000);
  });

  it("does not even insert a paste with which the message would be too large", async () => {
    await renderChat();
    type("before ");
    const pasted = fireEvent.paste(field(), { clipboardData: { getData: () => "x".repeat(1_100_000) } });
    expect(pasted).toBe(false);
    expect(screen.getByRole("alert").textContent).toMatch(/1 MB.*was not inserted/);
    expect(field().value).toBe("before ");
    type("before after");
    await settle();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(fireEvent.paste(field(), { clipboardData: { getData: () => "short" } })).toBe(true);
  });

  it("explains a prompt over the context with numbers before it is sent", async () => {
    const { controls } = await renderChat();
    await sendMessage("");
    type("word ".repeat(7_000));
    await settle(400);
    expect(screen.getByRole("alert").textContent).toMatch(/8,750 tokens.*1,070 more.*8,192/);
    fireEvent.keyDown(field(), { key: "Enter" });
    await settle();
    expect(controls.calls.some(({ procedure }) => procedure === "generation.start")).toBe(false);
    type("word ".repeat(5_500));
    await settle(400);
    expect(screen.getByText(/6,875 of 7,680 tokens/)).toBeDefined();
    expect(screen.getByLabelText("6,875 of 8,192 tokens").className).toContain("warn");
  });

  it("names the chosen model in a start, and the model that answers by itself", async () => {
    const { controls } = await renderChat();
    await settle(300);
    fireEvent.click(screen.getByRole("button", { name: "Model: SmolLM2 135M Instruct automatic" }));
    fireEvent.click(await screen.findByRole("option", { name: /Deskside Starter/ }));
    await sendMessage("Hello");
    const start = controls.calls.find(({ procedure }) => procedure === "generation.start");
    expect(start?.input).toMatchObject({ kind: "send", chatId: null, modelId: "deskside-starter" });
  });
});

describe("a running answer", () => {
  it("is followed again after a reload, from where it is", async () => {
    const { fake, chatId } = withChat({ text: "one two three four" });
    await fake.client.generation.start({ kind: "send", chatId, text: "Go" });
    fake.controls.step();
    fake.controls.step();
    await renderChat({ fake, chatId });
    await settle();
    expect(within(log()).getByText("one two")).toBeDefined();
    expect(within(log()).getByText("Answering")).toBeDefined();
    await change(() => fake.controls.finishAll());
    expect(within(log()).getByText("one two three four")).toBeDefined();
    expect(within(log()).queryByText("Answering")).toBeNull();
  });

  it("stops with Esc and goes on with Continue, keeping what there is", async () => {
    const { fake, chatId } = withChat({ text: "one two three four" });
    await renderChat({ fake, chatId });
    await sendMessage("Go");
    await change(() => fake.controls.step());
    fireEvent.keyDown(field(), { key: "Escape" });
    await settle();
    expect(screen.getByText("Stopped")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Continue" }));
    await settle();
    await change(() => fake.controls.finishAll());
    expect(within(log()).getByText("one two three four")).toBeDefined();
    expect(screen.queryByText("Stopped")).toBeNull();
  });

  it("stops by the button", async () => {
    const { fake, chatId } = withChat({ text: "one two three four" });
    await renderChat({ fake, chatId });
    await sendMessage("Go");
    fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    await settle();
    expect(screen.getByText("You stopped the answer before it began.")).toBeDefined();
    expect(screen.getByRole("button", { name: "Try again" })).toBeDefined();
  });

  it("tells what happened, what is kept and how to go on when the engine crashes", async () => {
    const { fake, chatId } = withChat({ text: "one two three four" });
    await renderChat({ fake, chatId });
    await sendMessage("Go");
    await change(() => fake.controls.step());
    const error = deskError("ENGINE_CRASHED", { exitCode: null, signal: "SIGKILL", keptTokens: 214 });
    await change(() => fake.controls.failAll(error));
    const alert = screen.getByRole("alert");
    expect(alert.textContent).toContain("214");
    fireEvent.click(within(alert).getByRole("button", { name: "Continue" }));
    await settle();
    await change(() => fake.controls.finishAll());
    expect(within(log()).getByText("one two three four")).toBeDefined();
  });

  it("offers to restart an engine that gave up", async () => {
    const { fake, chatId } = withChat();
    await renderChat({ fake, chatId });
    await sendMessage("Go");
    await change(() => fake.controls.failAll(deskError("ENGINE_GAVE_UP", { failures: 3, model: "SmolLM2" })));
    fireEvent.click(within(screen.getByRole("alert")).getByRole("button", { name: /Restart/ }));
    await settle();
    expect(fake.controls.calls.find(({ procedure }) => procedure === "model.load")?.input).toEqual({
      modelId: "smollm2-135m-instruct",
    });
  });

  it("says that an answer was interrupted when Deskside ended while it was written", async () => {
    const fake = createFakeClient({ pieceMs: null });
    const chat = addChat(fake.controls.world, { title: "Old" });
    addMessage(fake.controls.world, { chatId: chat.id, role: "user", text: "Go" });
    addMessage(fake.controls.world, {
      ...{ chatId: chat.id, role: "assistant", text: "half an", status: "stopped", finish: "interrupted" },
    });
    await renderChat({ fake, chatId: chat.id });
    expect(screen.getByText("The answer was interrupted")).toBeDefined();
    expect(screen.getByRole("button", { name: "Continue" })).toBeDefined();
  });

  it("shows loading and prompt reading before there is text", async () => {
    const { fake, chatId } = withChat();
    const { deskside, queries } = await renderChat({ fake, chatId });
    const { sessionOf } = await import("./state/use-chat-session.ts");
    await sendMessage("Go");
    const session = sessionOf(queries, deskside.client);
    const [generationId, live] = Object.entries(session.generations.getState().live)[0] ?? [];
    if (!generationId || !live) throw new Error("nothing runs");
    const show = (phase: "loading" | "reading", progress: number) =>
      change(() =>
        session.generations.getState().actions.apply(generationId, {
          ...{ type: "snapshot", seq: 0, phase, progress, message: live.message },
          stats: { ...live.stats, promptTokens: 8_192 },
        }),
      );
    await show("loading", 0.4);
    expect(within(log()).getByText("Loading SmolLM2 135M Instruct 40%")).toBeDefined();
    await show("reading", 0.5);
    expect(within(log()).getByText("Reading prompt 4K / 8K")).toBeDefined();
  });
});

describe("versions of an answer", () => {
  it("come from Regenerate and are switched by button and key", async () => {
    let version = 0;
    const fake = createFakeClient({ pieceMs: null, answer: () => ({ text: `version ${++version}` }) });
    await renderChat({ fake });
    await sendMessage("Go");
    await change(() => fake.controls.finishAll());
    fireEvent.click(screen.getByRole("button", { name: "Regenerate" }));
    await settle();
    await change(() => fake.controls.finishAll());
    expect(within(log()).getByText("version 2")).toBeDefined();
    expect(screen.getByRole("group", { name: "Version 2 of 2" })).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
    await settle();
    expect(within(log()).getByText("version 1")).toBeDefined();
    expect(within(log()).queryByText("version 2")).toBeNull();
    fireEvent.keyDown(window, { key: "]", ctrlKey: true });
    await settle();
    expect(within(log()).getByText("version 2")).toBeDefined();
  });
});

describe("typing ahead", () => {
  it("queues the message, sends it when the answer ends, and forgets it in the draft", async () => {
    const { fake, chatId } = withChat({ text: "one two" });
    await renderChat({ fake, chatId });
    await sendMessage("First");
    await sendMessage("Second");
    const queued = screen.getByRole("group", { name: "Next message" });
    expect(queued.textContent).toContain("Second");
    await settle(350);
    expect(fake.controls.world.drafts.get(chatId)).toBe("Second");
    await change(() => fake.controls.finishAll());
    await settle();
    expect(within(log()).getByText("Second")).toBeDefined();
    expect(screen.queryByRole("group", { name: "Next message" })).toBeNull();
    await settle(350);
    expect(fake.controls.world.drafts.get(chatId)).toBe("");
  });

  it("gives the queued message back on demand", async () => {
    const { fake, chatId } = withChat({ text: "one two" });
    await renderChat({ fake, chatId });
    await sendMessage("First");
    await sendMessage("Second");
    fireEvent.click(screen.getByRole("button", { name: "Take back" }));
    expect(field().value).toBe("Second");
    await change(() => fake.controls.finishAll());
    expect(fake.controls.world.messages.size).toBe(4);
  });

  it("holds the queued message when the answer fails, until it is sent by hand", async () => {
    const { fake, chatId } = withChat({ text: "one two" });
    await renderChat({ fake, chatId });
    await sendMessage("First");
    await sendMessage("Second");
    await change(() => fake.controls.failAll(deskError("GENERATION_FAILED", { detail: "x" })));
    const queued = screen.getByRole("group", { name: "Next message" });
    fireEvent.click(within(queued).getByRole("button", { name: "Send" }));
    await settle();
    expect(within(log()).getByText("Second")).toBeDefined();
  });
});

describe("drafts", () => {
  it("are restored, saved after a pause and at once when the field is left", async () => {
    const { fake, chatId } = withChat();
    fake.controls.world.drafts.set(chatId, "half a thought");
    const { unmount } = await renderChat({ fake, chatId });
    expect(field().value).toBe("half a thought");
    type("half a thought, longer");
    fireEvent.blur(field());
    await settle();
    expect(fake.controls.world.drafts.get(chatId)).toBe("half a thought, longer");
    type("and more");
    unmount();
    await waitFor(() => expect(fake.controls.world.drafts.get(chatId)).toBe("and more"));
  });

  it("of a new chat are kept under their own key and gone once sent", async () => {
    const { controls } = await renderChat();
    type("new idea");
    await settle(350);
    expect(controls.world.drafts.get("new")).toBe("new idea");
    await sendMessage("new idea");
    expect(controls.world.drafts.get("new")).toBe("");
  });

  it("say so when they cannot be saved", async () => {
    const { controls } = await renderChat();
    controls.failNext("chat.saveDraft", deskError("DISK_FULL", { path: "/data" }));
    type("words");
    await settle(350);
    expect(screen.getByText("The draft could not be saved")).toBeDefined();
    type("words and");
    await settle(350);
    expect(screen.queryByText("The draft could not be saved")).toBeNull();
  });
});

describe("a new chat", () => {
  it("says which model answers and how fast it was measured, and fills in beginnings", async () => {
    const { controls } = await renderChat();
    await settle(300);
    expect(screen.getByText(/SmolLM2 135M Instruct is loaded and answers at 104 tok\/s/)).toBeDefined();
    expect(screen.getByText(/is small: it writes fluently but gets facts wrong/)).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: /Translate/ }));
    expect(field().value).toContain("Translate into Chinese");
    expect(controls.calls.some(({ procedure }) => procedure === "generation.start")).toBe(false);
  });

  it("promises no speed that was not measured", async () => {
    const engines = sampleEngines.map((engine): EngineState => ({ ...engine, tokensPerSecond: null }));
    await renderChat({ fake: createFakeClient({ pieceMs: null, engines }) });
    expect(screen.getByText("SmolLM2 135M Instruct is loaded.")).toBeDefined();
  });

  it("speaks Chinese", async () => {
    await renderChat({ language: "zh-CN" });
    await settle(300);
    expect(screen.getByText("想做些什么？")).toBeDefined();
    expect(screen.getByText(/行文流畅，但会写错事实/)).toBeDefined();
    await sendMessage("法国的首都是哪里？");
    expect(within(log()).getByText("正在回答")).toBeDefined();
  });
});

describe("the rest of the screen", () => {
  it("says that a chat is gone instead of showing nothing", async () => {
    const { deskside } = await renderChat({ chatId: "chat_missing" });
    expect(screen.getByText("This chat does not exist any more")).toBeDefined();
    fireEvent.click(within(screen.getByRole("main")).getByRole("button", { name: "New chat" }));
    await settle();
    expect(deskside.navigation.getState().route.id).toBeNull();
  });

  it("attaches dropped files to this chat and looks the next message up in them", async () => {
    const fake = createFakeClient({ pieceMs: null });
    await renderChat({ fake });
    const files = ["a.pdf", "b.pdf"].map((name) => new File(["content"], name));
    const dataTransfer = { types: ["Files"], items: [{}, {}], files };
    fireEvent.dragEnter(window, { dataTransfer });
    expect(screen.getByText("Attach to this chat")).toBeDefined();
    fireEvent.drop(window, { dataTransfer });
    await settle();
    expect(screen.queryByText("Attach to this chat")).toBeNull();
    const list = await screen.findByRole("list", { name: /2 files attached/ });
    expect(within(list).getByText("a.pdf")).toBeDefined();
    expect(fake.controls.calls.filter(({ procedure }) => procedure === "knowledge.upload.finish")).toHaveLength(2);
  });

  it("shows the details of the answer that is chosen", async () => {
    let answers = 0;
    const fake = createFakeClient({ pieceMs: null, answer: () => ({ text: "word ".repeat(8 * ++answers) }) });
    const { container } = await renderChat({ fake });
    for (const question of ["One", "Two"]) {
      await sendMessage(question);
      await change(() => fake.controls.finishAll());
    }
    const inspector = within(container.querySelector<HTMLElement>('[aria-label="inspector"]') ?? container);
    expect(inspector.getByText("Last answer")).toBeDefined();
    expect(inspector.getByText("20")).toBeDefined();
    const [first] = within(log()).getAllByTitle("Show details");
    if (first) fireEvent.click(first);
    await settle();
    expect(inspector.getByText("Selected answer")).toBeDefined();
    expect(inspector.getByText("10")).toBeDefined();
    expect(inspector.getByRole("img", { name: /of 8,192 tokens/ })).toBeDefined();
  });

  it("copies an answer as it was written", async () => {
    const writeText = vi.fn(async () => undefined);
    vi.spyOn(navigator, "clipboard", "get").mockReturnValue({ writeText } as unknown as Clipboard);
    const { fake, chatId } = withChat();
    await renderChat({ fake, chatId });
    const [question, answer] = within(log()).getAllByRole("button", { name: "Copy" });
    fireEvent.click(answer as HTMLElement);
    await waitFor(() => expect(writeText).toHaveBeenCalledWith("P-103 first."));
    fireEvent.click(question as HTMLElement);
    await waitFor(() => expect(writeText).toHaveBeenCalledWith("Which pump first?"));
    vi.restoreAllMocks();
  });
});
