import { stringify } from "yaml";
import type { Pane } from "./panes";
import { paneScript, runScript } from "./scripts";

/** What a configuration is made from. */
export interface ConfigParts {
  /** The port that takes commands; null for none. It asks nobody for a password. */
  port: number | null;
  /** The folder that holds `.threados`. */
  root: string;
  /** The folder of the panes' files. */
  panesFolder: string;
  /** The argv that starts seqctl. */
  program: readonly string[];
  panes: readonly Pane[];
}

/** mprocs keeps this many lines a pane: with its own 1000 it needs gigabytes after some hundred steps. */
const scrollback = 50;

/** The configuration of mprocs for a sequence: a pane for the run, then one a step. Every text is quoted, so that no name can be anything else. */
export function mprocsConfig({ port, root, panesFolder, program, panes }: ConfigParts): string {
  const seqctl = [...program, "-C", root];
  const pane = (script: string, ...words: string[]) => ({
    cmd: ["/bin/sh", "-c", script, "threados-pane", ...words, ...seqctl],
    cwd: root,
    stop: "SIGTERM",
    autostart: true,
  });
  const procs = Object.fromEntries([
    ["run", pane(runScript, panesFolder)],
    ...panes.map(({ step, name }) => [name, pane(paneScript, panesFolder, step)]),
  ]);
  const config = {
    ...(port === null ? {} : { server: `127.0.0.1:${port}` }),
    scrollback,
    hide_keymap_window: false,
    proc_list_title: "steps",
    // To close the window must not stop a step: mprocs' own way of quitting sends each pane what a stop sends it.
    keymap_procs: { "<q>": { c: "force-quit" }, "<Q>": { c: "force-quit" } },
    procs,
  };
  const head = "# Made by `seqctl mprocs open`; every opening writes it anew.\n";
  return (
    head +
    stringify(config, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "QUOTE_DOUBLE", lineWidth: 0 })
  );
}
