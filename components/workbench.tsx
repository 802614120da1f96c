"use client";

import "./state/no-eval";
import { Suspense, useEffect, useRef } from "react";
import { Group, Panel, Separator, useDefaultLayout, usePanelRef } from "react-resizable-panels";
import { create } from "zustand";
import { AsList } from "./canvas/as-list";
import { Canvas } from "./canvas/canvas";
import { Notices } from "./canvas/notices";
import { Front } from "./commands/front";
import { useKeys } from "./commands/keys";
import { Confirm } from "./dialog/confirm";
import { Toasts } from "./dialog/toasts";
import { Dock } from "./dock/dock";
import { ReplayBanner } from "./dock/replay-banner";
import { AddNode } from "./forms/add-node";
import { KeyPage } from "./key-page";
import { Boundary } from "./parts/boundary";
import { loadable } from "./parts/loadable";
import { Sides } from "./sides";
import { useAddress } from "./state/address";
import { guardDrafts } from "./state/drafts";
import { watchFocus } from "./state/focus";
import { keepInView } from "./state/in-view";
import { useLive } from "./state/live";
import { holdFocus } from "./state/lost-focus";
import { useMedia } from "./state/media";
import { useNotifications } from "./state/notify";
import { SessionProvider } from "./state/provider";
import { useLooking } from "./state/replay";
import { useStrandedNews } from "./state/stranded";
import { useView } from "./state/view";
import { useFavicon } from "./toolbar/favicon";
import { Header } from "./toolbar/header";
import { StatusBar } from "./toolbar/status-bar";
import { useTitle } from "./toolbar/title";

const Fuse = loadable("form", () => import("./forms/fuse").then(({ Fuse }) => Fuse), {
  close: () => useView.setState({ fusing: null }),
});
const Compare = loadable("comparison", () => import("./inspector/compare").then(({ Compare }) => Compare), {
  close: () => useView.setState({ comparing: null }),
});

/** The whole page: it finds its token, then shows the live graph. */
export function Workbench() {
  return (
    <SessionProvider fallback={(phase) => <KeyPage phase={phase} />}>
      <Panels />
    </SessionProvider>
  );
}

function Panels() {
  useLive();
  useLooking();
  useKeys();
  useEffect(watchFocus, []);
  useEffect(holdFocus, []);
  useEffect(keepInView, []);
  useEffect(() => guardDrafts(window), []);
  useAddress();
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[minmax(40px,auto)_minmax(0,1fr)_24px]">
      <Boundary name="top line" slim>
        <Header />
      </Boundary>
      <Sides>
        <Work />
      </Sides>
      <Boundary name="bottom line" slim>
        <StatusBar />
      </Boundary>
      <AddNode />
      <div className="fixed bottom-8 left-2 z-50">
        <Boundary name="window" slim>
          <Front />
          <Fusions />
        </Boundary>
        <Boundary name="notifications" slim>
          <Announcer />
        </Boundary>
      </div>
      <Confirm />
      <Toasts />
    </div>
  );
}

/** What is asked about a fusion, in front of the page. */
function Fusions() {
  const isFusing = useView((view) => view.fusing !== null);
  const isComparing = useView((view) => view.comparing !== null);
  // It is there before somebody asks, once the page has nothing else to do.
  useEffect(() => {
    const wanted = requestIdleCallback(() => void Promise.all([Fuse.prepare(), Compare.prepare()]), {
      timeout: 4000,
    });
    return () => cancelIdleCallback(wanted);
  }, []);
  return (
    <Suspense fallback={null}>
      {isFusing && <Fuse />}
      {isComparing && <Compare />}
    </Suspense>
  );
}

/** What is told beside the page: in the tab's title and icon, and by notifications. */
function Announcer() {
  useTitle();
  useFavicon();
  useNotifications();
  useStrandedNews();
  return null;
}

/** The graph, drawn or as a list. */
function Picture() {
  const asList = useView((view) => view.asList);
  return asList ? <AsList /> : <Canvas />;
}

/** How much of the height the dock has. */
const share = create(() => ({ percent: 0 }));

/** The border above the dock. As a number the library tells what the graph has. */
function DockBorder() {
  const percent = share(({ percent }) => percent);
  return (
    <Separator
      className="separator"
      aria-label="Height of the dock"
      aria-valuetext={`the dock has ${percent} % of the height`}
    />
  );
}

const dockClosedPx = 33;
/** In it the dock's share of the window would be hardly more than its own bars. */
const lowWindow = "(max-height: 600px)";

function Work() {
  const levels = useDefaultLayout({ id: "threados.levels", storage: localStorage });
  const open = useView((view) => view.dockOpen);
  const dock = usePanelRef();
  const isLow = useMedia(lowWindow);
  const told = useRef(open);
  useEffect(() => {
    // At first the remembered size holds, and says whether the log is open.
    if (told.current === open) return;
    told.current = open;
    if (open) dock.current?.expand();
    else dock.current?.collapse();
  }, [open, dock]);
  return (
    <main className="h-full outline-none" tabIndex={-1}>
      <Group {...levels} orientation="vertical">
        <Panel id="canvas-panel" minSize="200px" style={{ overflow: "hidden" }}>
          <div className="flex h-full flex-col">
            <ReplayBanner />
            <Boundary name="notices" slim>
              <Notices />
            </Boundary>
            <div className="relative min-h-0 grow">
              <Boundary name="canvas">
                <Picture />
              </Boundary>
            </div>
          </div>
        </Panel>
        <DockBorder />
        <Panel
          id="dock-panel"
          panelRef={dock}
          collapsible
          collapsedSize={`${dockClosedPx}px`}
          defaultSize="27%"
          minSize={isLow ? "180px" : "120px"}
          groupResizeBehavior="preserve-pixel-size"
          onResize={({ inPixels, asPercentage }) => {
            share.setState({ percent: Math.round(asPercentage) });
            const isOpen = inPixels > dockClosedPx + 8;
            if (isOpen === useView.getState().dockOpen) return;
            told.current = isOpen;
            useView.setState({ dockOpen: isOpen });
          }}
          style={{ overflow: "hidden" }}
        >
          <Boundary name="dock">
            <Dock />
          </Boundary>
        </Panel>
      </Group>
    </main>
  );
}
