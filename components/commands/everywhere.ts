"use client";

import {
  ArrowDownUp,
  ArrowRightLeft,
  ClipboardPaste,
  Diamond,
  Inbox,
  Keyboard,
  ListTree,
  Map as MapIcon,
  Maximize,
  MessageSquareText,
  PanelBottom,
  PanelRight,
  Plus,
  Redo2,
  Search,
  ShieldCheck,
  Undo2,
  Wand2,
  Zap,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { useMemo } from "react";
import { useDirection } from "../canvas/picture";
import { toggleChat } from "../chat/state";
import { dockTabs, openDock } from "../state/dock";
import { useDoing } from "../state/doing";
import { goToSearch } from "../state/focus";
import { toggleInspector } from "../state/inspector";
import { useStatus } from "../state/queries";
import { useTurns } from "../state/turns";
import { startAdding, useView } from "../state/view";
import type { Command } from "./command";
import { useOnSelection } from "./selected";
import { turnList } from "./turn-list";

const zooms: [title: string, icon: Command["icon"]][] = [
  ["Zoom in", ZoomIn],
  ["Zoom out", ZoomOut],
  ["Show everything", Maximize],
];

/** The view belongs to the canvas: its own button is pressed. */
const pressZoom = (label: string) =>
  document.querySelector<HTMLElement>(`[role=toolbar][aria-label=Zoom] [aria-label="${label}"]`)?.click();

/** What only moves boxes, in words; null for a change of the sequence. */
const movedBy = (turn: ReturnType<typeof useTurns>["undo"]) => (turn?.places ? turn.change : null);

/** What can be done whatever is selected. */
export function usePageCommands(): Command[] {
  const { act, undo, redo, place } = useDoing();
  const mode = useStatus((status) => status.mode);
  const down = useDirection() === "down";
  const asList = useView((view) => view.asList);
  const turns = useTurns();
  const on = useOnSelection();
  const [canUndo, canRedo] = [turns.undo !== null, turns.redo !== null];
  const [undone, redone] = [movedBy(turns.undo), movedBy(turns.redo)];
  return useMemo(() => {
    const power = mode === "POWER";
    return [
      {
        id: "add-step",
        title: "Add a step…",
        icon: Plus,
        keys: "n",
        line: "seqctl step add <id>",
        run: () => startAdding(),
      },
      {
        id: "add-gate",
        title: "Add a gate…",
        icon: Diamond,
        keys: "g",
        line: "seqctl gate insert <id>",
        run: () => startAdding({ kind: "gate" }),
      },
      ...(canUndo
        ? [
            {
              id: "undo",
              title: undone === null ? "Undo the last change" : `Undo: ${undone}`,
              icon: Undo2,
              keys: "mod+z",
              // On the command line only the sequence has a way back.
              ...(undone === null ? { line: "seqctl undo" } : { words: "undo the last change" }),
              run: () => void undo(),
            },
          ]
        : []),
      ...(canRedo
        ? [
            {
              id: "redo",
              title: redone === null ? "Redo what was undone" : `Redo: ${redone}`,
              icon: Redo2,
              keys: "mod+shift+z",
              ...(redone === null ? { line: "seqctl redo" } : { words: "redo what was undone" }),
              run: () => void redo(),
            },
          ]
        : []),
      {
        id: "paste",
        title: "Paste steps and gates",
        icon: ClipboardPaste,
        keys: "mod+v",
        run: () => void on.pasteClipboard(),
      },
      {
        id: "mode",
        title: power ? "Switch to SAFE" : "Switch to POWER…",
        icon: power ? ShieldCheck : Zap,
        line: `seqctl policy mode ${power ? "SAFE" : "POWER"}`,
        run: () => void act({ action: "policy.mode", input: { mode: power ? "SAFE" : "POWER" } }),
      },
      {
        id: "search",
        title: "Search among steps and gates",
        icon: Search,
        keys: "/",
        words: "filter",
        run: goToSearch,
      },
      ...(asList
        ? []
        : zooms.map(([title, icon]) => ({
            id: `zoom ${title}`,
            title,
            icon,
            words: "zoom",
            run: () => pressZoom(title),
          }))),
      {
        id: "tidy",
        title: "Tidy: lay everything out anew",
        icon: Wand2,
        keys: "t",
        run: () => place({ reset: true }),
      },
      {
        id: "direction",
        title: down ? "Lead arrows to the right" : "Lead arrows down",
        icon: down ? ArrowRightLeft : ArrowDownUp,
        run: () => place({ direction: down ? "right" : "down", reset: true }),
      },
      {
        id: "minimap",
        title: "Show or hide the map",
        icon: MapIcon,
        keys: "m",
        run: () => useView.setState(({ minimap }) => ({ minimap: !minimap })),
      },
      {
        id: "dock",
        title: "Show or hide the dock",
        icon: PanelBottom,
        keys: "l",
        run: () => useView.setState(({ dockOpen }) => ({ dockOpen: !dockOpen })),
      },
      {
        id: "inspector",
        title: "Show or hide the inspector",
        icon: PanelRight,
        keys: "p",
        run: toggleInspector,
      },
      ...dockTabs.map((tab, index) => ({
        id: `dock-${tab}`,
        title: `Show the ${tab}`,
        icon: PanelBottom,
        keys: String(index + 1),
        run: () => openDock(tab),
      })),
      {
        id: "chat",
        title: "Open or close the chat",
        icon: MessageSquareText,
        keys: "c",
        line: 'seqctl chat "…"',
        run: () => toggleChat(),
      },
      {
        id: "outline",
        title: "Show the graph as a list, or as a graph again",
        icon: ListTree,
        keys: "o",
        run: turnList,
      },
      {
        id: "inbox",
        title: "Open what waits for you",
        icon: Inbox,
        keys: "i",
        line: "seqctl inbox",
        run: () => useView.setState({ front: "inbox" }),
      },
      {
        id: "keys",
        title: "Show the keys",
        icon: Keyboard,
        keys: "?",
        run: () => useView.setState({ front: "keys" }),
      },
    ];
  }, [act, undo, redo, place, mode, down, canUndo, canRedo, undone, redone, asList, on]);
}
