import type { ResourceLimits } from "../../core/policy/resources";

/** Seconds between the signal that says time is up and the one that ends a process. */
const lastSeconds = 5;
const kibInMb = 1024;
/** `ulimit -f` counts blocks of 512 bytes. */
const blocksInMb = 2048;

/**
 * The words that run a command within limits, for any POSIX shell. What the machine itself limits further stays as it is; what
 * can't be limited here is said on standard error.
 */
export function limited(
  command: readonly string[],
  limits: ResourceLimits | undefined,
  where: { sandboxed: boolean; isRoot: boolean },
): string[] {
  if (!limits) return [...command];
  const { memory_mb, open_files, file_mb, cpu_s, processes } = limits;
  const lines = [
    // Memory that can be written to: what is merely set aside, as JavaScript engines do by the gigabyte, does not count.
    ...(memory_mb === undefined ? [] : [`set_limit -d ${memory_mb * kibInMb} memory_mb`]),
    ...(open_files === undefined ? [] : [`set_limit -n ${open_files} open_files`]),
    ...(file_mb === undefined ? [] : [`set_limit -f ${file_mb * blocksInMb} file_mb`]),
    ...(cpu_s === undefined
      ? []
      : [`set_limit "-S -t" ${cpu_s} cpu_s`, `ulimit -H -t ${cpu_s + lastSeconds} 2>/dev/null`]),
    ...(processes === undefined ? [] : processLines(processes, where)),
  ];
  return ["/bin/sh", "-c", [setLimit, ...lines, 'exec "$@"'].join("\n"), "threados-limits", ...command];
}

const setLimit = [
  "set_limit() {",
  "  ulimit $1 $2 2>/dev/null && return",
  '  echo "threados: limits: $3 can not be set to what was asked for; the limit of the machine holds" >&2',
  "}",
].join("\n");

/** The kernel counts a user's processes, and in a sandbox those in it; the administrator's it does not count at all. */
function processLines(
  processes: number,
  { sandboxed, isRoot }: { sandboxed: boolean; isRoot: boolean },
): string[] {
  const unbound = (reason: string) => [`echo 'threados: limits: processes is not held: ${reason}' >&2`];
  if (isRoot) return unbound("it binds everybody but root");
  if (!sandboxed) return unbound("only a sandbox counts the processes of a step alone");
  // Bash calls it -u, others -p.
  return [
    `if (ulimit -u ${processes}) 2>/dev/null; then ulimit -u ${processes}; else set_limit -p ${processes} processes; fi`,
  ];
}
