import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceAround,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceAround,
  type LucideIcon,
} from "lucide-react";
import type { Alignment } from "../canvas/align";
import type { Command } from "./command";

const ways: [Alignment, string, LucideIcon][] = [
  ["left", "Align their left sides", AlignStartVertical],
  ["centre", "Align their centres", AlignCenterVertical],
  ["right", "Align their right sides", AlignEndVertical],
  ["top", "Align their tops", AlignStartHorizontal],
  ["middle", "Align their middles", AlignCenterHorizontal],
  ["bottom", "Align their bottoms", AlignEndHorizontal],
  ["across", "Spread them out from left to right", AlignHorizontalSpaceAround],
  ["down", "Spread them out from top to bottom", AlignVerticalSpaceAround],
];

/** The ways to put several boxes in line. */
export const alignments = (align: (how: Alignment) => void): Command[] =>
  ways.map(([how, title, icon]) => ({ id: `align-${how}`, title, icon, run: () => align(how) }));
