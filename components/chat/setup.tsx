"use client";

import { Dialog } from "../dialog/dialog";
import { Glyph } from "../parts/glyph";
import { useChat } from "./state";
import type { About } from "./wire";

/** Why nobody can answer, with the remedy. */
export function SetupCallout({ about }: { about: About | undefined }) {
  if (!about?.problem) return null;
  return (
    <div role="alert" data-tone="retrying" className="tone-callout chat-trouble chat-callout">
      <span className="pt-[3px]">
        <Glyph tone="retrying" />
      </span>
      <div className="min-w-0">
        <p className="font-medium break-words first-letter:uppercase">{about.problem}</p>
        {about.hint && <p className="break-words text-muted first-letter:uppercase">{about.hint}</p>}
        <button type="button" className="link" onClick={() => useChat.setState({ setup: true })}>
          How a model is set up
        </button>
      </div>
    </div>
  );
}

const examples = [
  {
    name: "Anthropic",
    text: "provider: anthropic\nmodel: claude-sonnet-5-5\nkey: env:ANTHROPIC_API_KEY",
  },
  {
    name: "Any server that speaks Chat Completions (Ollama, vLLM, OpenRouter, OpenAI)",
    text: "provider: openai\nmodel: qwen3\nbase_url: http://127.0.0.1:11434/v1",
  },
  { name: "The installed Claude Code, with its own sign-in", text: "provider: claude-code" },
];

/** How a model is set up: by a file of the user's own, which holds the name of a key and never the key. */
export function Setup() {
  const open = useChat((chat) => chat.setup);
  return (
    <Dialog
      open={open}
      onClose={() => useChat.setState({ setup: false })}
      title="Who answers"
      text="Without any set-up fixed rules answer, on this machine. To ask a model, write one of these into ~/.config/threados/chat.yaml:"
      className="w-140"
    >
      {examples.map(({ name, text }) => (
        <section key={name} aria-label={name} className="mt-2">
          <h3 className="mb-1 text-sm text-muted">{name}</h3>
          <pre className="shown-calls mt-0">{text}</pre>
        </section>
      ))}
      <p className="mt-3 text-muted">
        <code className="font-mono text-sm">key</code> is the name of an environment variable that the server
        was started with, never the key itself. The file is read for every question: nothing has to be started
        anew, but for a variable that was not there before.
      </p>
      <div className="mt-4 flex justify-end">
        <button
          type="button"
          className="button button-main"
          onClick={() => useChat.setState({ setup: false })}
        >
          Close
        </button>
      </div>
    </Dialog>
  );
}
