import type { LlamaModel, Token } from "node-llama-cpp";

const replacement = "\uFFFD";
/** Tokens that a single character can take with byte fallback, with room. */
const longestCharacter = 8;

export interface TokenText {
  push(token: Token): void;
  /** Text of the tokens so far, without a character that is still incomplete. */
  take(): string;
  end(): string;
}

/** Tokens to text in batches: one call into the library for many tokens instead of three for each. */
export function createTokenText(model: Pick<LlamaModel, "detokenize">, before: readonly Token[]): TokenText {
  let context = before.slice(-longestCharacter);
  let pending: Token[] = [];

  const settle = (text: string): string => {
    context = [...context, ...pending].slice(-longestCharacter);
    pending = [];
    return text;
  };

  return {
    push: (token) => void pending.push(token),
    take() {
      if (pending.length === 0) return "";
      const text = model.detokenize(pending, false, context);
      if (!text.endsWith(replacement)) return settle(text);
      // A character is split between tokens: give out what comes before it and wait for the rest.
      if (pending.length >= longestCharacter * 2) {
        const sure = pending.slice(0, -longestCharacter);
        const sureText = model.detokenize(sure, false, context);
        if (!sureText.endsWith(replacement)) {
          context = [...context, ...sure].slice(-longestCharacter);
          pending = pending.slice(sure.length);
          return sureText;
        }
        return settle(text);
      }
      return "";
    },
    end() {
      if (pending.length === 0) return "";
      return settle(model.detokenize(pending, false, context));
    },
  };
}
