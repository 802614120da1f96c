import * as fs from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "../../core/result";
import { resolveExecutable } from "../process/executable";

const platforms: Record<string, string> = {
  "linux-x64": "linux-x86_64-musl",
  "linux-arm64": "linux-aarch64-musl",
  "darwin-x64": "darwin-x86_64",
  "darwin-arm64": "darwin-aarch64",
  "win32-x64": "windows-x86_64",
};

/** The folders above a path that may hold packages, nearest first. */
function packageFolders(from: string): string[] {
  const parts = from.split("/");
  return parts.map((_, index) => `${parts.slice(0, parts.length - index).join("/")}/node_modules`);
}

/** mprocs itself: what `THREADOS_MPROCS` names, the package's native program beside the given places, or the one on the PATH. */
export function findMprocs(places: readonly string[], env: NodeJS.ProcessEnv): Result<string> {
  if (env.THREADOS_MPROCS !== undefined) {
    const named = resolveExecutable(env.THREADOS_MPROCS, env.PATH ?? "");
    if (named !== undefined && fs.existsSync(named)) return ok(named);
    const hint = `THREADOS_MPROCS names '${env.THREADOS_MPROCS}'; name the program of mprocs 0.9.6, or unset it`;
    return err({ code: "program.missing", name: "mprocs", hint });
  }
  const platform = platforms[`${process.platform}-${process.arch}`];
  for (const folder of places.flatMap(packageFolders)) {
    const native = join(folder, "mprocs", `mprocs-0.9.6-${platform}`, "mprocs");
    if (platform !== undefined && fs.existsSync(native)) return ok(native);
  }
  const onPath = resolveExecutable("mprocs", env.PATH ?? "");
  if (onPath !== undefined) return ok(onPath);
  const hint = "`npm install --global mprocs@0.9.6` brings it, or name its program in THREADOS_MPROCS";
  return err({ code: "program.missing", name: "mprocs", hint });
}
