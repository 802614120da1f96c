/** The name a program goes by: the last part of its path, without `.exe`. */
export function programName(word: string): string {
  return (word.split("/").at(-1) ?? word).replace(/\.exe$/i, "");
}

/** Whether a long flag stands among the words: with its value attached, or shortened as GNU programs allow. */
export function hasLong(args: readonly string[], flags: readonly string[]): boolean {
  return args.some((arg) => {
    const name = arg.split("=")[0] ?? "";
    return name.length > 2 && name.startsWith("--") && flags.some((flag) => flag.startsWith(name));
  });
}

/** Whether one of the letters stands among the short flags, however many are written together. */
export function hasShort(args: readonly string[], letters: string): boolean {
  return args.some(
    (arg) => /^-[^-]/.test(arg) && [...letters].some((letter) => arg.slice(1).includes(letter)),
  );
}

/** Whether one of the words stands there as it is. */
export function hasWord(args: readonly string[], words: readonly string[]): boolean {
  return args.some((arg) => words.includes(arg));
}

/** Where a path leads that steps have no business with: out of the workspace, or to what no step may write. */
export type Stray = "outside" | "protected";

/** Where a word leads by its letters if it is a path; undefined if it stays where steps may work. */
export function strays(arg: string): Stray | undefined {
  const path = arg.startsWith("-") ? arg.slice(arg.indexOf("=") + 1 || arg.length) : arg;
  const parts = path.split("/");
  if (path.startsWith("/") || path.startsWith("~") || parts.includes("..")) return "outside";
  // On disks that fold case `.GIT` is the same folder.
  return parts.some((part) => /^\.(?:threados|git)$/i.test(part)) ? "protected" : undefined;
}
