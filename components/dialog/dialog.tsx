"use client";

import * as Radix from "@radix-ui/react-dialog";
import type { ReactNode } from "react";
import { giveBackFocus } from "../state/focus";

/**
 * A window in front of everything else: it takes the focus, Escape closes it, and what lies behind can't be reached.
 * The curtain is our own: that of the library writes a style element, which our content policy forbids.
 */
export function Dialog(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  /** Read out with the title; undefined where the title says it all. */
  text?: string | undefined;
  /** Hides the title from the eye where the content shows it by itself. */
  quiet?: boolean;
  className?: string;
  /** What has the focus at first, as a selector; else the first control. */
  begin?: string;
  children: ReactNode;
}) {
  const { open, onClose, title, text, quiet, className = "", begin, children } = props;
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="curtain" aria-hidden="true" />
        <Radix.Content
          className={`dialog ${className}`}
          onOpenAutoFocus={(event) => {
            const there = begin && (event.currentTarget as Element).querySelector<HTMLElement>(begin);
            if (!there) return;
            event.preventDefault();
            there.focus({ preventScroll: true });
          }}
          onCloseAutoFocus={(event) => {
            // Nothing of the page is told to be its opener: many things open it.
            event.preventDefault();
            giveBackFocus();
          }}
          {...(text === undefined ? { "aria-describedby": undefined } : {})}
        >
          <Radix.Title className={quiet ? "sr-only" : "text-lg font-semibold"}>{title}</Radix.Title>
          {text !== undefined && (
            <Radix.Description className={quiet ? "sr-only" : "text-muted"}>{text}</Radix.Description>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
