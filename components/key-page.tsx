import { CopyCommand } from "./parts/copy-command";
import { Mark } from "./parts/icons";
import type { Session } from "./state/session";

const words = {
  missing: {
    title: "This page needs its link",
    text: "The workbench opens only through a link that carries a key, so that no other program or page can use it. Print that link in your project's folder:",
  },
  expired: {
    title: "This link is no longer valid",
    text: "The server was started anew since, and each start has a key of its own. Print the new link in your project's folder:",
  },
};

/** What is seen without a token: while other tabs are being asked, just the mark; then how to get a link. */
export function KeyPage({ phase }: { phase: Session["phase"] }) {
  const said = phase === "missing" || phase === "expired" ? words[phase] : null;
  return (
    <main className="grid h-dvh place-items-center p-6">
      {said ? (
        <div className="w-full max-w-96 rounded-xl border border-line bg-surface p-7 shadow-(--shadow)">
          <div className="mb-5 flex items-center gap-2 font-semibold">
            <Mark />
            ThreadOS
          </div>
          <h1 className="mb-1.5 text-lg font-semibold">{said.title}</h1>
          <p className="mb-4 text-muted">{said.text}</p>
          <CopyCommand command="seqctl ui" />
          <p className="mt-3 text-sm text-faint">
            It opens by itself. A workbench that is open in another tab hands its key on to this one.
          </p>
        </div>
      ) : (
        <span className="text-line-strong" aria-label="Loading" role="status">
          <Mark size={32} />
        </span>
      )}
    </main>
  );
}
