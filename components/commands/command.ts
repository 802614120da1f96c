import type { LucideIcon } from "lucide-react";

/** One thing a person can do here, wherever it is offered: a menu, the palette, a key, a button. */
export interface Command {
  id: string;
  title: string;
  icon: LucideIcon;
  /** What else people call it, for the search. */
  words?: string | undefined;
  /** The same on a command line. */
  line?: string | undefined;
  /** The key that does it, as the keymap writes it. */
  keys?: string | undefined;
  danger?: boolean;
  run(): void;
}

/**
 * Whether a click is one of its own, not the rest of a double click: what was pressed first may have put another button in
 * its place, such as the one that runs a step again where it was stopped.
 */
export const isFirstClick = ({ detail }: { detail: number }): boolean => detail < 2;
