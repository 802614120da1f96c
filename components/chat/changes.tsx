"use client";

import * as Tabs from "@radix-ui/react-tabs";
import { Suspense } from "react";
import { ChangeList } from "../parts/change-list";
import { loadable } from "../parts/loadable";
import { Lines } from "../parts/skeleton";
import type { Effect } from "./wire";

const UnifiedDiff = loadable("diff", () => import("./unified-diff").then(({ UnifiedDiff }) => UnifiedDiff));

/** What a proposal changes: node by node, and line by line. */
export function Changes({ effect, prompts }: { effect: Effect; prompts: Record<string, string> }) {
  const { changes, unified } = effect;
  if (unified === "") return null;
  return (
    <Tabs.Root defaultValue="graph" className="chat-changes">
      <Tabs.List aria-label="What changes" className="tabs">
        <Tabs.Trigger value="graph">Graph</Tabs.Trigger>
        <Tabs.Trigger value="yaml">YAML</Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="graph" tabIndex={-1}>
        <ChangeList
          changes={changes}
          label="Changes of the graph"
          prompts={prompts}
          bare={effect.forecast.bare ?? []}
        />
      </Tabs.Content>
      <Tabs.Content value="yaml" tabIndex={-1}>
        <Suspense fallback={<Lines widths={["60%", "80%"]} />}>
          <UnifiedDiff unified={unified} />
        </Suspense>
      </Tabs.Content>
    </Tabs.Root>
  );
}
