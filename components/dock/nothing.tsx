import type { ReactNode } from "react";

/** What stands where there is nothing to show, and why. */
export function Nothing({ children }: { children: ReactNode }) {
  return (
    <div className="grid h-full place-items-center px-4 text-center text-faint">
      <p>{children}</p>
    </div>
  );
}
