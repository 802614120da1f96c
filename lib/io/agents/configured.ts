import type { AgentEntry } from "../../core/agents/agents-file";
import type { Adapter } from "./adapter";

/** An entry of agents.yaml, and whether the user's own file holds it, not a workspace's. */
type Entry = AgentEntry & { isOwn: boolean };

/** The adapter that an entry of agents.yaml describes; `base` is the one it extends. */
export function configured(name: string, entry: Entry, base: Adapter | undefined): Adapter {
  const own = entry.args ?? [];
  // A repository may narrow what the user has said, and never widen it.
  const opened: Pick<AgentEntry, "home" | "settings" | "env"> = entry.isOwn ? entry : {};
  const wanted = entry.isOwn ? [] : [...(entry.home ?? []), ...(entry.settings ?? [])];
  return {
    name,
    executable: entry.executable ?? base?.executable ?? name,
    versionArgs: entry.version_args ?? base?.versionArgs ?? ["--version"],
    prompt: entry.prompt ?? base?.prompt ?? "stdin",
    stream: entry.stream ?? base?.stream ?? "text",
    env: [...(base?.env ?? []), ...(entry.env ?? [])],
    home: opened.home ?? base?.home ?? [],
    settings: [...(base?.settings ?? []), ...(opened.settings ?? []).map((path) => ({ path }))],
    folders: (opened.env ?? []).filter((variable) => /_(?:HOME|DIR)$/.test(variable)),
    wanted,
    network: entry.network ?? base?.network ?? true,
    resumes: entry.resume_args !== undefined || (base?.resumes ?? false),
    source: "agents.yaml",
    args: (start) => {
      const fill = (words: readonly string[] | undefined, value: string | undefined) =>
        value === undefined ? [] : (words ?? []).map((word) => word.replaceAll("{}", value));
      const extra = [
        ...own.map((word) => word.replaceAll("{prompt_file}", start.promptFile)),
        ...fill(entry.model_args, start.model),
        ...fill(entry.resume_args, start.resume),
      ];
      if (!base) return extra;
      const given = base.args({
        ...start,
        model: entry.model_args ? undefined : start.model,
        resume: entry.resume_args ? undefined : start.resume,
      });
      // Codex takes its words (`exec … -`) in a fixed order: options go before the last dash.
      return given.at(-1) === "-" ? [...given.slice(0, -1), ...extra, "-"] : [...given, ...extra];
    },
  };
}
