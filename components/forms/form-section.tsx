"use client";

import { type ReactNode, useEffect, useState } from "react";

/** Fields below a title, which can be folded away; folded, the title names those that are set. */
export function FormSection(props: {
  title: string;
  /** Begins open. */
  isOpen: boolean;
  /** Something in it has to be seen now. */
  mustOpen: boolean;
  set: string[];
  children: ReactNode;
}) {
  const { title, isOpen, mustOpen, set, children } = props;
  const [open, setOpen] = useState(isOpen);
  useEffect(() => {
    if (mustOpen) setOpen(true);
  }, [mustOpen]);
  return (
    <details
      className="form-section"
      open={open || mustOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        {title}
        {!open && set.length > 0 && <span className="form-set">{set.join(", ")}</span>}
      </summary>
      <div className="form">{children}</div>
    </details>
  );
}
