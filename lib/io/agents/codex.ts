import { type Adapter, option } from "./adapter";

/** Codex (`@openai/codex`); seen at work: 0.169. Its own sandbox only reads unless `agents.yaml` says otherwise. */
export const codex: Adapter = {
  name: "codex",
  executable: "codex",
  versionArgs: ["--version"],
  prompt: "stdin",
  stream: "codex",
  env: [..."OPENAI_API_KEY CODEX_API_KEY CODEX_HOME OPENAI_BASE_URL".split(" ")],
  home: [],
  settings: [
    {
      path: ".codex",
      variable: "CODEX_HOME",
      writes: ["auth.json", "sessions/"],
      // Its databases are made anew from the sessions: one that is shared with what runs outside could break.
      fresh: [
        ..."*.sqlite* history.jsonl *cache.json version.json installation_id .codex* .sandbox*".split(" "),
        ..."*-locks log logs tmp .tmp cache shell_snapshots app-server-control".split(" "),
      ],
    },
  ],
  network: true,
  resumes: true,
  source: "built-in",
  args: ({ model, resume }) => [
    "exec",
    ...(resume === undefined ? [] : ["resume"]),
    "--json",
    "--skip-git-repo-check",
    ...option("--model", model),
    ...(resume === undefined ? [] : [resume]),
    "-",
  ],
};
