import type { ReactNode } from "react";
import type { AskedAbout, AskedStart } from "../../lib/core/policy/asked";
import { sayFacts } from "../../lib/core/policy/asked-facts";
import { writeCommand } from "../forms/words";
import { ChangeList } from "../parts/change-list";
import { powerAsks } from "../toolbar/mode-words";
import { capital } from "./act-name";

/** What a yes comes to, for people: what is done, what changes by it, what starts, and whether undo takes it back. */
export function AskedParts({ about }: { about: AskedAbout }) {
  const { parts, changes, beside } = about;
  const now = about.starts.filter(({ gates }) => gates.length === 0);
  const later = about.starts.filter(({ gates }) => gates.length > 0);
  const isNews = changes.fields.length > 0 || changes.nodes.some(({ change }) => change !== "removed");
  const reason = reasonOf(about);
  const isApproval = parts[0]?.action === "gate.approve";
  return (
    <div className="asked">
      {reason !== undefined && (
        <section>
          <h3 className="section-title">Why</h3>
          <blockquote className="asked-reason">{reason}</blockquote>
        </section>
      )}
      {parts.length > 1 && (
        <section>
          <h3 className="section-title">What is done</h3>
          <ol aria-label="What is done" className="asked-list">
            {parts.map(({ summary, risk }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a call is what it is by its place
              <li key={at} data-tone={risk === "remove" ? "failed" : undefined}>
                {capital(summary)}
              </li>
            ))}
          </ol>
        </section>
      )}
      {isNews && (
        <section>
          <h3 className="section-title">What changes</h3>
          <ChangeList changes={changes} label="What changes" />
        </section>
      )}
      {about.shown !== undefined && about.shown.length > 0 && (
        <section>
          <h3 className="section-title">What it shows</h3>
          <ul aria-label="What it shows" className="asked-list">
            {about.shown.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      {about.starts.length > 0 && (
        <StartTable>
          {now.length > 0 && (
            <Starts
              title={isApproval ? "What starts then" : "What starts"}
              label="What would be started"
              starts={now}
            />
          )}
          {later.length > 0 && (
            <Starts
              title="Later, behind gates"
              label="What would be started later, behind gates"
              starts={later}
            />
          )}
        </StartTable>
      )}
      {isApproval && about.starts.length === 0 && <p>It starts nothing by itself.</p>}
      {beside.length > 0 && (
        <section>
          <h3 className="section-title">What else comes of it</h3>
          <ul aria-label="What else comes of it" className="asked-list">
            {beside.map((line, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
              <li key={at}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      <p className="text-sm text-muted">{afterwards(about)}</p>
    </div>
  );
}

/** What a person gave as their reason, of what takes one. */
function reasonOf({ call, parts }: AskedAbout): string | undefined {
  const { input } = call;
  if (parts.length > 1 || typeof input !== "object" || input === null || Array.isArray(input))
    return undefined;
  return typeof input.reason === "string" && input.reason !== "" ? input.reason : undefined;
}

/** Whether it can be taken back. */
function afterwards({ undone, starts, parts }: AskedAbout): string {
  if (undone) return "Undo (Ctrl+Z) takes it back.";
  if (starts.length > 0)
    return "Undo takes back no work that a step has done; a step can be stopped at any time.";
  if (parts.some(({ action }) => action === "policy.mode"))
    return `In POWER mode ${powerAsks} is asked about; you can switch back at any time.`;
  if (parts.some(({ risk }) => risk === "remove")) return "It can't be taken back.";
  return "Undo does not take it back.";
}

export interface StartsProps {
  title: string;
  label: string;
  starts: AskedStart[];
  /** A heading, but where it would stand below none. */
  titled?: "h3" | "p" | undefined;
}

/** What would be started, in columns that are those of all lists in it. */
export function StartTable({ children }: { children: ReactNode }) {
  return (
    <div className="asked-starts">
      <div>{children}</div>
    </div>
  );
}

/** Steps that would be started, each with its words and the class of its command; stands in a `StartTable`. */
export function Starts({ title, label, starts, titled: Title = "h3" }: StartsProps) {
  return (
    <section>
      <Title className="section-title">{title}</Title>
      <ul aria-label={label}>
        {starts.map((start, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step may be started twice, and lines never move
          <Start key={at} start={start} />
        ))}
      </ul>
    </section>
  );
}

function Start({ start }: { start: AskedStart }) {
  const { step, command, class: kind, rule, gates, cwd, env = {} } = start;
  const said = writeCommand(command);
  return (
    <li className="asked-start">
      <span className="font-medium break-words">{step}</span>
      <span className="asked-start-what">
        {said === "" ? (
          <span className="text-muted">has no command</span>
        ) : (
          <code className="chat-value">{said}</code>
        )}
        {cwd !== undefined && <span className="text-sm text-muted">in {cwd}</span>}
        {sayFacts(start).map((fact) => (
          <span key={fact} className="text-sm break-words text-muted">
            {fact}
          </span>
        ))}
        {Object.entries(env).map(([name, value]) => (
          <code key={name} className="chat-value">
            {name}={value}
          </code>
        ))}
      </span>
      <span className="asked-start-about">
        {kind !== null && (
          <span
            className="asked-class"
            data-tone={kind === "destructive" ? "failed" : undefined}
            title={`By rule ${rule}`}
          >
            {kind.replaceAll("-", " ")}
          </span>
        )}
        {gates.length > 0 && <span className="text-sm text-faint">behind {gates.join(", ")}</span>}
      </span>
    </li>
  );
}
