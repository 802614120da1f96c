"use client";

import { useMemo } from "react";
import { waitingIn } from "../../lib/core/views/waiting";
import { useDoing } from "../state/doing";
import { useStatus } from "../state/queries";
import { useView } from "../state/view";

import { isGate, type StatusDocument } from "../state/wire";
import type { Command } from "./command";
import { commandsOf, nothingMore } from "./of-node";

const decisions = new Set(["approve", "reject", "block"]);
const waitingGates = (status: StatusDocument) => {
  const waiting = new Set(waitingIn(status).gates);
  return status.gates.filter(({ id }) => waiting.has(id));
};

/** The decisions at each gate that waits for somebody; at a selected one they stand among what is done with the selection. */
export function useGateCommands(): Command[] {
  const doing = useDoing();
  const gates = useStatus(waitingGates);
  const selected = useView((view) => view.selected);
  return useMemo(
    () =>
      (gates ?? [])
        .filter((gate) => gate.id !== selected && isGate(gate))
        .flatMap((gate) =>
          commandsOf(gate, doing, nothingMore)
            .filter(({ id }) => decisions.has(id))
            .map((command) => ({
              ...command,
              id: `${command.id} ${gate.id}`,
              title: `${command.title.replace("…", "")} ${gate.name}${command.title.endsWith("…") ? "…" : ""}`,
            })),
        ),
    [gates, doing, selected],
  );
}
