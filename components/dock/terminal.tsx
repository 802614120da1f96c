"use client";

import { Nothing } from "./nothing";

/** The terminal of a step that has one. */
export function TerminalPage(_: { tools: HTMLElement | null }) {
  return <Nothing>wip</Nothing>;
}
