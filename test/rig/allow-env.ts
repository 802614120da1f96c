import * as fs from "node:fs";
import { dirname, join } from "node:path";
import type { Workspace } from "./workspace";

/** Asks for a run, reads in the refusal what a yes would be, and writes that into the user's own agents.yaml. */
export async function allowEnv(at: Workspace, env: Record<string, string>): Promise<void> {
  const { doc } = await at.json(["run", "--yes"], { env });
  const grant = /`(- \{agent: [^`]*)`/.exec(doc.error?.hint ?? "")?.[1];
  if (grant === undefined) throw new Error(`nothing was asked for: ${JSON.stringify(doc)}`);
  const own = join(at.home, ".config/threados/agents.yaml");
  fs.mkdirSync(dirname(own), { recursive: true });
  fs.writeFileSync(own, `allow_env:\n  ${grant}\n`);
}
