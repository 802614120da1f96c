"use client";

import * as Tabs from "@radix-ui/react-tabs";
import { lazy, Suspense } from "react";
import type { NodeChange } from "../../lib/core/sequence/diff";
import { Lines } from "../parts/skeleton";
import type { Effect } from "./wire";

const UnifiedDiff = lazy(() =>
  import("./unified-diff").then(({ UnifiedDiff }) => ({ default: UnifiedDiff })),
);

/** What a proposal changes: node by node, and line by line. */
export function Changes({ effect }: { effect: Effect }) {
  const { changes, unified } = effect;
  if (unified === "") return null;
  return (
    <Tabs.Root defaultValue="graph" className="chat-changes">
      <Tabs.List aria-label="What changes" className="tabs">
        <Tabs.Trigger value="graph">Graph</Tabs.Trigger>
        <Tabs.Trigger value="yaml">YAML</Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="graph" tabIndex={-1}>
        <ul aria-label="Changes of the graph" className="chat-nodes">
          {changes.nodes.map((node) => (
            <Node key={`${node.kind} ${node.id}`} node={node} />
          ))}
          {changes.fields.map(({ field, before, after }) => (
            <li key={field} data-fate="changed">
              <span className="chat-sign">~</span>
              <span className="min-w-0">
                {field}: <Value value={before} /> → <Value value={after} />
              </span>
            </li>
          ))}
          {changes.nodes.length + changes.fields.length === 0 && (
            <li data-fate="changed">
              <span className="chat-sign">~</span>
              <span>{changes.reordered ? "The order of steps" : "Comments and layout only"}</span>
            </li>
          )}
        </ul>
      </Tabs.Content>
      <Tabs.Content value="yaml" tabIndex={-1}>
        <Suspense fallback={<Lines widths={["60%", "80%"]} />}>
          <UnifiedDiff unified={unified} />
        </Suspense>
      </Tabs.Content>
    </Tabs.Root>
  );
}

const signs = { added: "+", removed: "−", changed: "~" } as const;

function Node({ node }: { node: NodeChange }) {
  const { kind, id, change, fields } = node;
  const needs = fields.find(({ field }) => field === "depends_on")?.after;
  return (
    <li data-fate={change}>
      <span className="chat-sign" title={change}>
        {signs[change]}
      </span>
      <span className="min-w-0">
        <span className="chat-node">
          {kind} {id}
        </span>
        <span className="sr-only"> {change}</span>
        {change === "added" && Array.isArray(needs) && needs.length > 0 && (
          <span className="text-muted"> after {needs.join(", ")}</span>
        )}
        {change === "changed" &&
          fields.map(({ field, before, after }) => (
            <span key={field} className="block text-sm text-muted">
              {field}: <Value value={before} /> → <Value value={after} />
            </span>
          ))}
      </span>
    </li>
  );
}

const mostChars = 120;

function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <em>none</em>;
  const text =
    Array.isArray(value) && value.every((one) => typeof one === "string") ? value.join(", ") : value;
  const said = typeof text === "string" ? text : JSON.stringify(text);
  return (
    <code className="chat-value">
      {said === "" ? "nothing" : said.length > mostChars ? `${said.slice(0, mostChars)}…` : said}
    </code>
  );
}
