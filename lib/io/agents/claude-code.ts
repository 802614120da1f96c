import { type Adapter, option } from "./adapter";

/** Claude Code (`@anthropic-ai/claude-code`); seen at work: 2.1. */
export const claudeCode: Adapter = {
  name: "claude-code",
  executable: "claude",
  versionArgs: ["--version"],
  prompt: "stdin",
  stream: "claude",
  env: [
    ..."ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL ANTHROPIC_MODEL".split(" "),
    ..."ANTHROPIC_SMALL_FAST_MODEL ANTHROPIC_CUSTOM_HEADERS CLAUDE_CONFIG_DIR".split(" "),
    ..."CLAUDE_CODE_OAUTH_TOKEN CLAUDE_CODE_MAX_RETRIES CLAUDE_CODE_MAX_OUTPUT_TOKENS".split(" "),
    ..."CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC DISABLE_TELEMETRY DISABLE_AUTOUPDATER".split(" "),
    ..."CLAUDE_CODE_USE_BEDROCK CLAUDE_CODE_USE_VERTEX CLOUD_ML_REGION".split(" "),
    ..."AWS_REGION AWS_PROFILE AWS_BEARER_TOKEN_BEDROCK ANTHROPIC_VERTEX_PROJECT_ID".split(" "),
  ],
  home: [],
  settings: [
    {
      path: ".claude",
      variable: "CLAUDE_CONFIG_DIR",
      writes: [".credentials.json", "projects/{cwd}/", "todos/", "tasks/", "plans/", "file-history/"],
      keeps: ["projects/{cwd}/memory"],
      // By `ide` it would reach the person's editor, by `daemon` and `jobs` what runs outside.
      fresh: [
        ..."projects history.jsonl ide daemon jobs sessions session-env shell-snapshots".split(" "),
        ..."debug telemetry statsig cache backups paste-cache uploads stats-cache.json".split(" "),
      ],
    },
    { path: ".claude.json" },
  ],
  network: true,
  resumes: true,
  source: "built-in",
  args: ({ model, resume }) => [
    ...["-p", "--output-format", "stream-json", "--verbose"],
    ...option("--model", model),
    ...option("--resume", resume),
  ],
};
