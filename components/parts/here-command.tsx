"use client";

import { useStatus } from "../state/queries";
import { CopyCommand } from "./copy-command";

/** A command line for the workspace that the page shows, wherever it is typed. */
export function HereCommand({ words }: { words: string }) {
  const root = useStatus((status) => status.root);
  return <CopyCommand command={`seqctl ${words}${root === undefined ? "" : ` -C ${quoted(root)}`}`} />;
}

/** As a POSIX shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
