/** What a command may do to the world, mildest first. */
export const commandClasses = [
  "read-only",
  "writes-workspace",
  "network",
  "arbitrary-code",
  "destructive",
] as const;

/** A command's class; what is not known to be milder is `arbitrary-code`. */
export type CommandClass = (typeof commandClasses)[number];

/** A class with the rule that says so, and why. */
export interface Finding {
  class: CommandClass;
  rule: string;
  why: string;
}

/** The graver of two findings; the first where they are alike. */
export function graver(a: Finding, b: Finding | undefined): Finding {
  return b && commandClasses.indexOf(b.class) > commandClasses.indexOf(a.class) ? b : a;
}
