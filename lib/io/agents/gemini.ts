import { type Adapter, option } from "./adapter";

/** Gemini CLI (`@google/gemini-cli`); seen at work: 0.61. What comes by stdin without a terminal makes it headless. */
export const gemini: Adapter = {
  name: "gemini",
  executable: "gemini",
  versionArgs: ["--version"],
  prompt: "stdin",
  stream: "gemini",
  env: [
    ..."GEMINI_API_KEY GOOGLE_API_KEY GOOGLE_GEMINI_BASE_URL GOOGLE_GENAI_USE_VERTEXAI".split(" "),
    ..."GOOGLE_CLOUD_PROJECT GOOGLE_CLOUD_LOCATION GOOGLE_APPLICATION_CREDENTIALS".split(" "),
    ..."GEMINI_MODEL GEMINI_CLI_TRUST_WORKSPACE".split(" "),
  ],
  home: [],
  settings: [
    {
      path: ".gemini",
      writes: [..."oauth_creds.json google_accounts.json gemini-credentials.json tmp/".split(" ")],
      keeps: ["tmp/bin", "tmp/*/memory"],
      fresh: ["history", "projects.json*", "state.json", "installation_id"],
    },
  ],
  network: true,
  resumes: true,
  source: "built-in",
  args: ({ model, resume }) => [
    ...["--output-format", "stream-json"],
    ...option("--model", model),
    ...option("--resume", resume),
  ],
};
