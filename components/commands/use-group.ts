"use client";

import { useCallback, useMemo } from "react";
import { isFarApart } from "../canvas/bring-together";
import { stepsIn } from "../canvas/folding";
import { graphOf } from "../canvas/graph";
import { useGesture, usePlaces } from "../canvas/picture";
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
  const plan = useStatus(graphOf);
  const boxes = useGesture((gesture) => gesture.boxes);
  const collapsed = places?.collapsed?.includes(group) ?? false;
  const isApart = useMemo(
    () => !collapsed && plan !== undefined && isFarApart(plan, boxes, group),
    [collapsed, plan, boxes, group],
  );
  return commandsOfGroup(group, members, doing, {
    collapsed,
    together: isApart ? () => on.together(group) : undefined,
    copy: () => void on.copy(members.map(({ id }) => id)),
    dissolve: () => void on.dissolve(group),
    remove: () => void on.removeGroup(group),
  });
}
