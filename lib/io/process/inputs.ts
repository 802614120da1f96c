import * as fs from "node:fs";
import type { SpawnOrder } from "../../runtime/ports";
import { attemptFolder, bookkeeping } from "../files/artifact-files";

/** What `THREADOS_INPUTS` tells a step of the results it builds on; `folder` is the workspace's `.threados`. */
export function describeInputs(folder: string, order: SpawnOrder): Record<string, unknown> {
  return Object.fromEntries(
    order.inputs.map(({ step, attempt, status, outputs }) => {
      // It was skipped: there is nothing to hand on but that.
      if (attempt === 0) return [step, { status, dir: null, stdout: null, output: null, outputs, files: {} }];
      const dir = attemptFolder(folder, order.run, step, attempt);
      const files = Object.fromEntries(filesIn(dir).map((name) => [name, `${dir}/${name}`]));
      return [
        step,
        {
          status,
          dir,
          stdout: `${dir}/stdout.log`,
          output: files["output.json"] ?? null,
          outputs,
          files,
        },
      ];
    }),
  );
}

/** What an attempt left; nothing if somebody has removed its folder since. */
function filesIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() && !bookkeeping.test(entry.name) ? [entry.name] : []));
  } catch {
    return [];
  }
}
