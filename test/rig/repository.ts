import { execFileSync } from "node:child_process";
import type { Workspace } from "./workspace";

const person = ["-c", "user.name=A Person", "-c", "user.email=person@example.org"];

/** git in the workspace's folder, as its user would call it; what it prints. */
export function gitIn(at: Workspace, ...args: string[]): string {
  const env = at.env as NodeJS.ProcessEnv;
  return execFileSync("git", [...person, ...args], { cwd: at.root, env, encoding: "utf8", stdio: "pipe" });
}

/** Makes the workspace's folder a repository with one commit of these files and of the definition. */
export function makeRepository(at: Workspace, files: Record<string, string> = {}): void {
  for (const [name, text] of Object.entries(files)) at.write(name, text);
  gitIn(at, "init", "-q");
  commitAll(at, "base");
}

/** Commits everything that is not ignored. */
export function commitAll(at: Workspace, message: string): void {
  gitIn(at, "add", "-A");
  gitIn(at, "commit", "-qm", message);
}

/** Lines of `git status --short`, the journal of the workspace aside. */
export function changes(at: Workspace): string[] {
  return gitIn(at, "status", "--short", "-uall")
    .split("\n")
    .filter((line) => line !== "");
}
