const id = 65_534;
const isRoot = process.getuid?.() === 0;

/** Whether a test can have a command run as somebody else than it itself does: only root can. */
export const canBecomeNobody = isRoot && Bun.which("setpriv") !== null;

/** The words before a command that have it run as the user who owns nothing. */
export const asNobody: readonly string[] = ["setpriv", `--reuid=${id}`, `--regid=${id}`, "--clear-groups"];

/** Makes a folder and all that is in it that user's. */
export function giveToNobody(folder: string): void {
  Bun.spawnSync(["chown", "-R", `${id}:${id}`, folder]);
}
