"use client";

import * as Tabs from "@radix-ui/react-tabs";
import { type ReactNode, Suspense, useState } from "react";
import { Boundary } from "../parts/boundary";
import { ChevronIcon } from "../parts/icons";
import { loadable } from "../parts/loadable";
import { type DockTab, useDock } from "../state/dock";
import { useView } from "../state/view";
import { Loading } from "./loading";
import { LogPage } from "./log-page";
import { ProblemCount } from "./problem-count";

// What only those who look at it need is loaded when they do.
const Timeline = loadable("timeline", () => import("./timeline").then(({ TimelinePage }) => TimelinePage));
const Audit = loadable("audit log", () => import("./audit").then(({ AuditPage }) => AuditPage));
const Problems = loadable("list of problems", () =>
  import("./problems").then(({ ProblemsPage }) => ProblemsPage),
);
const Terminal = loadable("terminal", () => import("./terminal").then(({ TerminalPage }) => TerminalPage));

/** The pages with the keys that open them. */
const pages: { tab: DockTab; title: string; key: string; page: (tools: HTMLElement | null) => ReactNode }[] =
  [
    { tab: "log", title: "Log", key: "1", page: (tools) => <LogPage tools={tools} /> },
    { tab: "timeline", title: "Timeline", key: "2", page: (tools) => <Timeline tools={tools} /> },
    { tab: "audit", title: "Audit", key: "3", page: (tools) => <Audit tools={tools} /> },
    { tab: "problems", title: "Problems", key: "4", page: () => <Problems /> },
    { tab: "terminal", title: "Terminal", key: "5", page: (tools) => <Terminal tools={tools} /> },
  ];

/** The panel below the canvas: what was printed, when, by whom, and what is wrong. */
export function Dock() {
  const open = useView((view) => view.dockOpen);
  const tab = useDock((dock) => dock.tab);
  const [tools, setTools] = useState<HTMLElement | null>(null);
  return (
    <Tabs.Root
      asChild
      value={tab}
      activationMode="manual"
      onValueChange={(next) => useDock.setState({ tab: next as DockTab })}
    >
      <section aria-label="Dock" className="flex h-full flex-col bg-surface">
        <div className="dock-head flex min-h-8 shrink-0 flex-wrap items-center gap-x-1 pr-2 pl-1.5">
          <button
            type="button"
            className="icon-button"
            aria-label={open ? "Close the dock" : "Open the dock"}
            title={`${open ? "Close" : "Open"} the dock (l)`}
            aria-expanded={open}
            aria-controls="dock"
            onClick={() => useView.setState({ dockOpen: !open })}
          >
            <span className={open ? "" : "rotate-180"}>
              <ChevronIcon />
            </span>
          </button>
          <Tabs.List aria-label="Pages of the dock" className="dock-tabs">
            {pages.map(({ tab: value, title, key }) => (
              <Tabs.Trigger
                key={value}
                value={value}
                title={`${title} (${key})`}
                onClick={() => !open && useView.setState({ dockOpen: true })}
              >
                {title}
                {value === "problems" && <ProblemCount />}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <div ref={setTools} className="dock-tools" hidden={!open} />
        </div>
        <div id="dock" className="relative min-h-0 grow border-t border-line bg-inset" hidden={!open}>
          {open &&
            pages.map(({ tab: value, title, page }) => (
              <Tabs.Content key={value} value={value} className="h-full" tabIndex={-1}>
                <Boundary name={title.toLowerCase()}>
                  <Suspense fallback={<Loading />}>{page(tools)}</Suspense>
                </Boundary>
              </Tabs.Content>
            ))}
        </div>
      </section>
    </Tabs.Root>
  );
}
