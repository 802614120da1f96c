"use client";

import { useCallback } from "react";
import { stepsIn } from "../canvas/folding";
import { usePlaces } from "../canvas/picture";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { useStatus } from "../state/queries";
import type { StatusDocument, StepState } from "../state/wire";
import type { Command } from "./command";
import { commandsOfGroup } from "./of-group";
import { useOnSelection } from "./selected";

const nobody: StepState[] = [];

/** The steps of a group; none if there is no such group (any more). */
export function useMembers(group: string): StepState[] {
  return useStatus(useCallback((status: StatusDocument) => stepsIn(status, group), [group])) ?? nobody;
}

/** What can be done with a group now. */
export function useGroupCommands(group: string): Command[] {
  const members = useMembers(group);
  const doing = useDoing();
  const on = useOnSelection();
  const places = usePlaces();
  // What is offered depends on it.
  usePast();
  return commandsOfGroup(group, members, doing, {
    collapsed: places?.collapsed?.includes(group) ?? false,
    copy: () => void on.copy(members.map(({ id }) => id)),
    dissolve: () => void on.dissolve(group),
    remove: () => void on.removeGroup(group),
  });
}
