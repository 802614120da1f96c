import * as fs from "node:fs";
import { basename, join, resolve } from "node:path";
import { stringify } from "yaml";
import { err, ok, type Result } from "../../core/result";
import { decodeSource } from "../../core/sequence/source";
import { fsyncFolder, readIfThere, writeNew } from "./atomic";
import { judgeDefinition, soundOf } from "./definition-file";
import { sha256 } from "./digest";

const ignored =
  "audit*.log*\nrevisions/\nproposals/\nchat/\nruns/\nlock\nengine.lock\nstate/\n.sequence.yaml.*\n*.tmp\n";

const policy = `# Rules for this workspace; without this file the safe defaults hold. Every key: \`seqctl schema policy\`
version: 1
# SAFE asks before anything runs; POWER only before something is destroyed or a shell is started.
# \`seqctl policy mode POWER\` switches.
mode: SAFE
# Steps that run at once, at most.
max_concurrent: 8
`;

function firstSequence(name: string): string {
  return `# What should happen: steps, and gates where a person decides. Edit it by hand, with \`seqctl\`, or on the canvas:
# comments, order and quoting survive every edit. Every key: \`seqctl schema sequence\`
version: 1
name: ${stringify(name).trim()}
steps: []
gates: []
`;
}

/** What policy.yaml says about the sandbox, and how one was found to stand here when the file was made. */
export interface SandboxLine {
  value: "required" | "off";
  found: string | undefined;
}

function sandboxLines({ value, found }: SandboxLine): string {
  const told = found === undefined ? "" : `# When this file was made: ${found.replaceAll(/\s+/g, " ")}\n`;
  return `# required: every step runs in a sandbox, or not at all. off: steps run with all your rights, but for those that say
# \`sandbox: required\` themselves. \`seqctl policy sandbox required\` switches.
${told}sandbox: ${value === "off" ? '"off"' : value}
`;
}

/** Builds \`.threados\` beside its place and moves it there in one step. */
export function createWorkspace(
  dir: string,
  options: { name?: string | undefined; from?: string | undefined; sandbox?: SandboxLine | undefined },
): Result<{ digest: string; name: string; steps: number }> {
  const root = resolve(dir);
  const place = join(root, ".threados");
  if (!fs.statSync(root, { throwIfNoEntry: false })?.isDirectory())
    return err({ code: "file.missing", path: root });
  if (fs.lstatSync(place, { throwIfNoEntry: false })) return err({ code: "workspace.exists", path: place });
  const source =
    options.from === undefined
      ? ok(firstSequence(options.name ?? (basename(root) || "sequence")))
      : readAuthored(options.from);
  if (!source.ok) return source;
  const text = source.value;
  const sequence = soundOf(judgeDefinition(text, options.from ?? "sequence.yaml"));
  if (!sequence.ok) return sequence;
  const draft = join(root, `.threados.${process.pid}.tmp`);
  try {
    build(draft, text, policy + (options.sandbox ? sandboxLines(options.sandbox) : ""));
    fs.renameSync(draft, place);
    fsyncFolder(root);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST") return err({ code: "workspace.exists", path: place });
    const hint = "check who owns the folder and whether the disk is full; nothing was left behind";
    return err({
      code: "workspace.unusable",
      path: place,
      problem: `can't be made (${code ?? String(error)})`,
      hint,
    });
  }
  return ok({ digest: sha256(text), name: sequence.value.name, steps: sequence.value.steps?.length ?? 0 });
}

/** The text of an authored file. */
export function readAuthored(path: string): Result<string> {
  const read = readIfThere(path, 8 * 1024 * 1024);
  if (read === undefined) return err({ code: "file.missing", path });
  if ("bytes" in read) return decodeSource(read.bytes, path);
  if (read.size !== undefined)
    return err({ code: "sequence.too_large", file: path, problem: read.problem, limit: "8 MiB" });
  return err({ code: "file.unreadable", path, problem: read.problem });
}

function build(draft: string, text: string, rules: string): void {
  fs.mkdirSync(join(draft, "revisions"), { recursive: true });
  fs.mkdirSync(join(draft, "prompts"));
  fs.mkdirSync(join(draft, "state"));
  writeNew(join(draft, "sequence.yaml"), text);
  writeNew(join(draft, "revisions", `${sha256(text)}.yaml`), text);
  writeNew(join(draft, "policy.yaml"), rules);
  writeNew(join(draft, ".gitignore"), ignored);
  fsyncFolder(draft);
}
