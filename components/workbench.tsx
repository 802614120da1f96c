"use client";

import { useEffect } from "react";
import { Canvas } from "./canvas/canvas";
import { Dock } from "./dock/dock";
import { Inspector } from "./inspector/inspector";
import { KeyPage } from "./key-page";
import { Boundary } from "./parts/boundary";
import { useLive } from "./state/live";
import { SessionProvider } from "./state/provider";
import { selectFromAddress } from "./state/view";
import { Header } from "./toolbar/header";
import { StatusBar } from "./toolbar/status-bar";
import { useTitle } from "./toolbar/title";

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
  useTitle();
  useEffect(selectFromAddress, []);
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)_360px] grid-rows-[40px_minmax(0,1fr)_24px]">
      <Header />
      <main className="flex min-h-0 min-w-0 flex-col">
        <div className="relative min-h-0 grow">
          <Boundary name="canvas">
            <Canvas />
          </Boundary>
        </div>
        <Boundary name="log">
          <Dock />
        </Boundary>
      </main>
      <aside aria-label="Inspector" className="min-h-0 overflow-hidden border-l border-line bg-surface">
        <Boundary name="inspector">
          <Inspector />
        </Boundary>
      </aside>
      <StatusBar />
    </div>
  );
}
