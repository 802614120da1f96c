"use client";

import { Ban, FastForward, Play, RefreshCw } from "lucide-react";
import { useMemo } from "react";
import { leftIn } from "../../lib/core/views/status-word";
import type { Call } from "../state/call";
import { useDoing } from "../state/doing";
import { useLiveStatus } from "../state/queries";
import type { Command } from "./command";

/** What takes up the steps that an engine left; nothing else is started by it that was not asked for before. */
export const takeUp = (left: readonly string[]): Call => ({
  action: "run.start",
  input: { scope: "all", only: [...left] },
});

/** What can be done with the run as a whole; running everything comes first, or to take up what an engine left. */
export function useRunCommands(): Command[] {
  const { act, giveUp } = useDoing();
  const open = useLiveStatus((status) => status.open);
  const run = useLiveStatus((status) => status.run);
  const left = useLiveStatus((status) => leftIn(status).join(",")) ?? "";
  return useMemo(() => {
    const start = (input: Parameters<typeof act>[0]["input"]) => () =>
      void act({ action: "run.start", input });
    return [
      {
        id: "run-all",
        icon: Play,
        keys: "mod+shift+Enter",
        ...(left === ""
          ? { title: "Run everything", line: "seqctl run", run: start({ scope: "all" }) }
          : {
              title: "Take up what the engine left",
              line: `seqctl run --only ${left}`,
              run: () => void act(takeUp(left.split(","))),
            }),
      },
      {
        id: "run-runnable",
        title: "Run what is ready, nothing else",
        icon: FastForward,
        keys: "mod+Enter",
        line: "seqctl run runnable",
        run: start({ scope: "runnable" }),
      },
      ...(run
        ? [
            {
              id: "run-new",
              title: "Start over in a new run",
              icon: RefreshCw,
              line: "seqctl run --new",
              run: start({ scope: "all", new: true }),
            },
          ]
        : []),
      ...(open
        ? [
            {
              id: "cancel",
              title: "Give the run up…",
              icon: Ban,
              danger: true,
              line: "seqctl cancel",
              run: () => void giveUp(),
            },
          ]
        : []),
    ];
  }, [act, giveUp, open, run, left]);
}
