import { describe, expect, test } from "bun:test";
import { classifyCommand } from "../../../lib/core/policy/classify";
import { judge } from "../../../lib/core/policy/decide";
import { judgeCommand, type World } from "../../../lib/core/policy/judge-command";
import { effectivePolicy, type PolicyFile } from "../../../lib/core/policy/policy";
import { sequenceOf } from "../rig/plans";

const at = (executable: string): World => ({ look: () => ({ executable, cwd: "." }), matches: () => false });
const usual = (argv: string[]) => at(`/usr/bin/${argv[0]?.split("/").at(-1)}`);
const power = (file: PolicyFile = {}) => effectivePolicy({ ...file, mode: "POWER" }, sequenceOf([]));
const judged = (command: string[], file?: PolicyFile, world = usual(command)) =>
  judgeCommand(power(file), { id: "s", command }, world);

const asked = { verdict: "ask", rule: "builtin.shell" };

describe("POWER asks about a shell", () => {
  test.each<string[][]>([
    [["sh", "-c", "npm test"]],
    [["bash", "build.sh"]],
    [["dash", "-c", "true"]],
    [["/bin/zsh", "-c", "true"]],
    [["env", "A=1", "sh", "-c", "true"]],
    [["env", "-S", "sh -c true"]],
    [["sudo", "-u", "root", "bash"]],
    [["timeout", "5", "sh", "-c", "true"]],
    [["xargs", "-n", "1", "/bin/sh", "-c"]],
    [["nice", "timeout", "9", "bash", "-c", "true"]],
    [["find", ".", "-name", "*.ts", "-exec", "sh", "-c", "true", ";"]],
    [["busybox", "ash"]],
    [["env", '-Ssh -c "true"']],
    [["env", "-iS", "true x"]],
    [["env", "-vSA=1 sh -c true"]],
    [["env", "-S", "A=1 sh -c true"]],
    [["env", "--split-string=sh -c true"]],
    [["env", "--split", "sh -c true"]],
    [["env", "-u", "HOME", "-C", "src", "A=1", "-Ssh"]],
    [["timeout", "5", "env", "-uHOME", "-Sx"]],
    [["env", ...Array.from({ length: 100 }, (_, i) => `A${i}=1`), "sh", "-c", "true"]],
    [["su", "-c", "true"]],
    [["su", "somebody", "build.sh"]],
    [["sudo", "-u", "root", "-s", "true"]],
    [["sudo", "--login", "true"]],
    [["runuser", "somebody", "-c", "true"]],
    [["runuser", "-u", "somebody", "-c", "true"]],
    [["flock", "lock", "-c", "true"]],
    [["flock", "lock", "--command=true"]],
    [["script", "-qc", "true", "log"]],
    [["script", "log", ...Array.from({ length: 100 }, () => "x")]],
    [["watch", "-n", "1", "make > log"]],
    [["parallel", "echo {}", ":::", "a; b"]],
    [["xvfb-run", "-a", "sh", "-c", "true"]],
    [["nix-shell", "--run", "true"]],
    [["ksh93", "-c", "true"]],
    [["bash-5.2", "-c", "true"]],
    [["tmux", "new", "-d", "sh"]],
    [["nice", "tmux", "new", "-d", "make"]],
    [["socat", "-", "SYSTEM:make"]],
    [["start-stop-daemon", "--start", "--exec=/bin/sh"]],
    [["start-stop-daemon", "-S", "-x/bin/sh"]],
    [["systemd-run", "--user", "-S"]],
  ])("%j", (command) => {
    expect(judged(command)).toMatchObject(asked);
  });

  test("that goes by another name", () => {
    expect(judged(["tool", "-c", "true"], {}, at("/usr/bin/bash"))).toMatchObject(asked);
  });

  test("and tells whoever is asked so, keeping what is destructive to its own rule", () => {
    const verdict = judge(power(), "run", "run.start", { actor: "user", surface: "cli" }, [
      { id: "s", command: ["env", "sh", "-c", "true"] },
    ]);
    expect(verdict).toEqual({
      ok: true,
      value: { ask: 1, why: "'s' starts a shell, rule builtin.shell" },
    });
    expect(judged(["env", "sh", "-c", "true"]).class_rule).toBe("builtin.wrapper");
    expect(judged(["xargs", "rm"]).rule).toBe("builtin.rm");
  });
});

test.each<string[][]>([
  [["echo", "sh"]],
  [["npm", "test"]],
  [["env", "A=1", "make"]],
  [["timeout", "5", "node", "shell.js"]],
  [["find", ".", "-name", "sh"]],
  [["env", "-uSHELL", "-u", "S", "A=-S", "curl", "-sS", "x"]],
  [["sudo", "-u", "root", "ls", "-i"]],
  [["watch", "-n", "1", "-x", "make"]],
  [["flock", "lock", "make"]],
  [["timeout", "60", "npm", "run", "watch"]],
  [["runuser", "-u", "somebody", "make"]],
])("POWER starts %j without a question", (command) => {
  expect(judged(command)).toMatchObject({ verdict: "allow", rule: classifyCommand(command).rule });
});

describe("a list that names the shell itself", () => {
  const run = ["sh", "-c", "true"];
  const inner = ["env", "sh", "ok.sh"];

  test.each<[string, string[], PolicyFile["allowed_commands"], string]>([
    ["its first word", run, ["sh"], "allow"],
    ["a map of its words", run, [{ command: "sh", flags: ["-c"], args: ["true"] }], "allow"],
    ["a wrapper's words", inner, [{ command: "env", args: ["sh", "ok.sh"] }], "allow"],
    ["only the wrapper", inner, ["env"], "ask"],
    ["only what hands a line on", ["env", "-Ssh -c x"], ["env"], "ask"],
    ["only what hands a line on", ["flock", "f", "-c", "x"], ["flock"], "ask"],
    ["a wrapper with any words", inner, [{ command: "env", args: "any" }], "ask"],
    ["both, in two entries", inner, ["env", "sh"], "ask"],
  ])("by %s: %j", (_, command, allowed, verdict) => {
    expect(judged(command, { allowed_commands: allowed }).verdict).toBe(verdict as "allow");
  });

  test("has to be every list: a repository can't widen what its user listed", () => {
    const user: PolicyFile = { allowed_commands: ["env"] };
    const here: PolicyFile = { mode: "POWER", allowed_commands: [{ command: "env", args: ["sh", "ok.sh"] }] };
    const policy = effectivePolicy(here, sequenceOf([]), { ...user, mode: "POWER" });
    expect(judgeCommand(policy, { id: "s", command: inner }, usual(inner)).verdict).toBe("ask");
  });
});
