import { findBubblewrap } from "../../lib/io/sandbox/bubblewrap";
import { probeSandbox } from "../../lib/io/sandbox/probe";

const bubblewrap = findBubblewrap();

/** Whether sandboxes hold on this machine: tried once a test file. */
export const works = bubblewrap !== undefined && (await probeSandbox()).works;

/** Why tests of the sandbox are left out, for their names. */
export const why = works
  ? ""
  : ` (skipped: bubblewrap ${bubblewrap ? "does not hold here" : "is not installed"})`;
