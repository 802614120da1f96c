import type { FailureOf } from "./failure";

/** What a runtime throws where the system refuses something. */
interface SystemError {
  code?: unknown;
  syscall?: unknown;
  path?: unknown;
}

/** What is done about it, by the system's name of what went wrong. */
const remedies: Record<string, string> = {
  ENOSPC: "the disk is full; free some room and repeat the command",
  EDQUOT: "no more may be kept on this disk; free some room and repeat the command",
  EROFS: "the file system is read-only",
  EACCES: "check who owns the file and its permissions",
  EPERM: "check who owns the file and its permissions",
  EMFILE: "too many open files; raise `ulimit -n`",
  ENFILE: "too many open files on this machine; close some programs and repeat the command",
  ENOTDIR: "a file stands where a folder belongs; move it away and repeat the command",
  EISDIR: "a folder stands where a file belongs; move it away and repeat the command",
};

/** The network is no disk, and a descriptor that was closed too early is a fault of the program. */
const otherCalls = new Set(["connect", "listen", "bind", "accept", "getaddrinfo"]);
const ownFaults = new Set(["EBADF", "EFAULT"]);

/** The disk's refusals are part of life: which one it was, and what helps; undefined of anything else that was thrown. */
export function diskFailure(error: unknown): FailureOf<"io.failed"> | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, syscall, path } = error as SystemError;
  if (typeof code !== "string" || typeof syscall !== "string" || code === "" || syscall === "")
    return undefined;
  if (otherCalls.has(syscall) || ownFaults.has(code)) return undefined;
  const isFileInTheWay = code === "EEXIST" && syscall === "mkdir";
  return {
    code: "io.failed",
    path: typeof path === "string" ? path : ".threados",
    problem: `${syscall} failed (${code})`,
    hint:
      remedies[isFileInTheWay ? "ENOTDIR" : code] ??
      "see what stands in the way there, and repeat the command; what was begun is finished first",
  };
}

/** What was thrown, as a refusal: the disk's, or a bug. */
export function thrownFailure(error: unknown): FailureOf<"io.failed" | "internal"> {
  const problem = error instanceof Error ? error.message : String(error);
  return diskFailure(error) ?? { code: "internal", problem };
}
