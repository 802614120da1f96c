"use client";

import { Ban, FastForward, Play, RefreshCw } from "lucide-react";
import { useMemo } from "react";
import { useDoing } from "../state/doing";
import { useLiveStatus } from "../state/queries";
import type { Command } from "./command";

/** What can be done with the run as a whole; running everything comes first. */
export function useRunCommands(): Command[] {
  const { act, giveUp } = useDoing();
  const open = useLiveStatus((status) => status.open);
  const run = useLiveStatus((status) => status.run);
  return useMemo(() => {
    const start = (input: Parameters<typeof act>[0]["input"]) => () =>
      void act({ action: "run.start", input });
    return [
      {
        id: "run-all",
        title: "Run everything",
        icon: Play,
        keys: "mod+shift+Enter",
        line: "seqctl run",
        run: start({ scope: "all" }),
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
  }, [act, giveUp, open, run]);
}
