"use client";

import { type ReactNode, Suspense } from "react";
import { Group, Panel, Separator, useDefaultLayout } from "react-resizable-panels";
import { useChat } from "./chat/state";
import { Inspector } from "./inspector/inspector";
import { InspectorPanel } from "./inspector/panel";
import { Boundary } from "./parts/boundary";
import { loadable } from "./parts/loadable";
import { Lines } from "./parts/skeleton";
import { useMedia, useSideForm } from "./state/media";
import { useView } from "./state/view";

const ChatPanel = loadable("chat", () => import("./chat/chat-panel").then(({ ChatPanel }) => ChatPanel));

/** From this width on the graph keeps nearly half of the window; below, as much as it can be used with. */
const roomy = "(min-width: 934px)";

/** The work, and beside it inspector and chat. Where there is no room for both next to the graph they share a column. */
export function Sides({ children }: { children: ReactNode }) {
  const chat = useChat((state) => state.open);
  const form = useSideForm();
  const isRoomy = useMedia(roomy);
  const shared = chat && form !== "beside";
  const sides = useDefaultLayout({
    id: "threados.sides",
    storage: localStorage,
    panelIds: ["work-panel", ...(shared ? [] : ["inspector-panel"]), ...(chat ? ["chat-panel"] : [])],
  });
  return (
    <Group {...sides} className="min-h-0">
      <Panel id="work-panel" minSize={isRoomy ? "45%" : "420px"} style={{ overflow: "hidden" }}>
        {children}
      </Panel>
      {!shared && <InspectorPanel />}
      {chat && (
        <>
          <Separator className="separator" aria-label="Width of the chat" />
          <Panel
            id="chat-panel"
            defaultSize="400px"
            minSize="320px"
            maxSize="720px"
            groupResizeBehavior="preserve-pixel-size"
            style={{ overflow: "hidden" }}
          >
            {form === "beside" ? <Chat /> : form === "stacked" ? <Stacked /> : <InTurn />}
          </Panel>
        </>
      )}
    </Group>
  );
}

function Chat() {
  return (
    <Boundary name="chat">
      <Suspense fallback={<LoadingChat />}>
        <ChatPanel />
      </Suspense>
    </Boundary>
  );
}

/** The inspector above the chat. */
function Stacked() {
  const column = useDefaultLayout({ id: "threados.column", storage: localStorage });
  return (
    <Group {...column} orientation="vertical">
      <InspectorPanel above />
      <Panel id="chat-part" minSize="240px" style={{ overflow: "hidden" }}>
        <Chat />
      </Panel>
    </Group>
  );
}

const turns = [
  ["inspector", "Inspector"],
  ["chat", "Chat"],
] as const;

/** Inspector and chat, one at a time. */
function InTurn() {
  const side = useView((view) => view.side);
  return (
    <div className="flex h-full flex-col bg-surface">
      <nav aria-label="Beside the graph" className="tabs side-tabs">
        {turns.map(([value, title]) => (
          <button
            key={value}
            type="button"
            aria-pressed={side === value}
            data-state={side === value ? "active" : undefined}
            onClick={() => useView.setState({ side: value })}
          >
            {title}
          </button>
        ))}
      </nav>
      <div className="min-h-0 grow">
        {side === "chat" ? (
          <Chat />
        ) : (
          <aside aria-label="Inspector" className="h-full overflow-hidden">
            <Boundary name="inspector">
              <Inspector />
            </Boundary>
          </aside>
        )}
      </div>
    </div>
  );
}

function LoadingChat() {
  return (
    <section role="status" aria-label="Loading the chat" className="chat p-4">
      <Lines widths={["45%", "80%", "65%"]} />
    </section>
  );
}
