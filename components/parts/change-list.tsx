import type { Json } from "../../lib/core/json";
import type { NodeChange, SequenceDiff } from "../../lib/core/sequence/diff";
import { fieldName, sayFieldValue } from "./said-fields";

/** What changes in the sequence, node by node: what a new one runs, and of a changed one each field as it was and as it is. */
export function ChangeList(props: {
  changes: SequenceDiff;
  label: string;
  /** What agents are told, by the ids of their steps, where that is written along with them. */
  prompts?: Readonly<Record<string, string>>;
  /** Steps that have nothing to run. */
  bare?: readonly string[];
}) {
  const { changes, label, prompts = {}, bare = [] } = props;
  return (
    <ul aria-label={label} className="chat-nodes">
      {changes.nodes.map((node) => (
        <Node
          key={`${node.kind} ${node.id}`}
          node={node}
          prompt={prompts[node.id]}
          isBare={node.kind === "step" && bare.includes(node.id)}
        />
      ))}
      {changes.fields.map(({ field, before, after }) => (
        <li key={field} data-fate="changed">
          <span className="chat-sign">~</span>
          <span className="min-w-0">
            {fieldName(field)}: <Value field={field} value={before} /> → <Value field={field} value={after} />
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
  );
}

const signs = { added: "+", removed: "−", changed: "~" } as const;

function Node(props: { node: NodeChange; prompt: string | undefined; isBare: boolean }) {
  const { node, prompt, isBare } = props;
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
        {change === "added" &&
          told(node).map(({ field, after }) => (
            <span key={field} className="block text-sm text-muted">
              {fieldName(field)}: <Value field={field} value={after} />
            </span>
          ))}
        {prompt !== undefined && (
          <span className="block text-sm text-muted">
            Is told: <Value field="text" value={prompt} />
          </span>
        )}
        {isBare && change !== "removed" && (
          <span className="block text-sm text-muted">It has nothing to run yet: no command, no agent.</span>
        )}
        {change === "changed" &&
          fields.map(({ field, before, after }) => (
            <span key={field} className="block text-sm text-muted">
              {fieldName(field)}: <Value field={field} value={before} /> →{" "}
              <Value field={field} value={after} />
            </span>
          ))}
      </span>
    </li>
  );
}

/** What is said of a new node in its first line. */
const inHead = new Set(["id", "depends_on"]);
const first = ["name", "model", "command", "prompt"];

function told({ fields }: NodeChange) {
  const place = ({ field }: { field: string }) =>
    first.includes(field) ? first.indexOf(field) : first.length;
  return fields.filter(({ field }) => !inHead.has(field)).sort((a, b) => place(a) - place(b));
}

const mostChars = 160;

function Value({ field, value }: { field: string; value: Json }) {
  if (value === null || value === undefined) return <em>none</em>;
  const said = sayFieldValue(field, value);
  return (
    <code className="chat-value" title={said.length > mostChars ? said : undefined}>
      {said === "" ? "nothing" : said.length > mostChars ? `${said.slice(0, mostChars)}…` : said}
    </code>
  );
}
