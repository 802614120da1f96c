import { type Adapter, option } from "./adapter";

/** OpenCode (`opencode-ai`); seen at work: 1.18. */
export const opencode: Adapter = {
  name: "opencode",
  executable: "opencode",
  versionArgs: ["--version"],
  prompt: "stdin",
  stream: "opencode",
  env: [
    ..."ANTHROPIC_API_KEY OPENAI_API_KEY GEMINI_API_KEY GOOGLE_GENERATIVE_AI_API_KEY OPENROUTER_API_KEY".split(
      " ",
    ),
    ..."OPENCODE_CONFIG OPENCODE_CONFIG_CONTENT OPENCODE_CONFIG_DIR OPENCODE_PERMISSION".split(" "),
    ..."OPENCODE_DISABLE_AUTOUPDATE OPENCODE_DISABLE_MODELS_FETCH".split(" "),
  ],
  home: [],
  settings: [
    { path: ".local/state/opencode", fresh: ["*"] },
    { path: ".config/opencode", variable: "OPENCODE_CONFIG_DIR" },
    // Its sessions are a database, which can't be shown in parts; its snapshots are repositories whose settings git obeys.
    { path: ".local/share/opencode", writes: ["./"], keeps: ["snapshot", "repos", "worktree", "bin"] },
  ],
  network: true,
  resumes: true,
  source: "built-in",
  args: ({ model, resume }) => [
    ...["run", "--format", "json"],
    ...option("--model", model),
    ...option("--session", resume),
  ],
};
