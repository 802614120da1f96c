/**
 * The program around each attempt, for any POSIX shell: claims the attempt (exclusive create), runs the command,
 * records its exit code. It outlives the engine, so a result is never lost with it. One short write ending in a
 * newline is the record: a reader takes a text without newline as absent, which saves a process for a rename.
 * Arguments: attempt folder, spawn number, then the command.
 */
const shimScript = [
  "trap : TERM INT HUP",
  "set -C",
  '{ echo "$$" > "$1/claim-$2"; } 2>/dev/null || exit 75',
  "threados_exit=$1/exit-$2",
  "shift 2",
  '"$@"',
  'echo "$?" > "$threados_exit"',
].join("\n");

/** How the shim appears in a process list; its folder behind it tells whose attempt it is. */
export const shimName = "threados-shim";

/** The shim's argv for one spawn of an attempt. */
export function shimCommand(folder: string, spawn: number, command: readonly string[]): [string, string[]] {
  return ["/bin/sh", ["-c", shimScript, shimName, folder, String(spawn), ...command]];
}
