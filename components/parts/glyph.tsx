import type { ReactNode } from "react";
import type { Tone } from "../state/vocabulary";

const ring = <circle cx="8" cy="8" r="6.1" />;
const diamond = <path d="M8 1.6 14.4 8 8 14.4 1.6 8Z" />;
const disc = <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" />;
const cut = "var(--glyph-cut)";

/** One drawing for each tone, so that no two differ by colour alone. Discs are for what is final or asks for somebody. */
const drawings: Record<Tone, ReactNode> = {
  blocked: <circle cx="8" cy="8" r="6.1" strokeDasharray="2.4 2.4" />,
  ready: (
    <>
      {ring}
      <path d="M6.7 5.6v4.8L10.5 8Z" fill="currentColor" strokeWidth="1" />
    </>
  ),
  queued: (
    <>
      {ring}
      <path d="M8 4.7V8l2.2 1.6" />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="6.1" opacity="0.28" />
      <path className="glyph-turning" d="M8 1.9A6.1 6.1 0 0 1 14.1 8" />
      <circle cx="8" cy="8" r="2" fill="currentColor" stroke="none" />
    </>
  ),
  stopping: (
    <>
      {ring}
      <rect x="5.7" y="5.7" width="4.6" height="4.6" fill="currentColor" stroke="none" />
    </>
  ),
  retrying: <path d="M13.6 8A5.6 5.6 0 1 1 11.7 3.8M13.2 1.6l-.6 3.3-3.3-.5" />,
  human: (
    <>
      {disc}
      <g stroke={cut} fill={cut}>
        <circle cx="8" cy="5.8" r="1.5" />
        <path d="M5.1 11.4c.3-1.7 1.4-2.6 2.9-2.6s2.6.9 2.9 2.6Z" strokeWidth="1" />
      </g>
    </>
  ),
  done: (
    <>
      {disc}
      <path d="m4.8 8.3 2.2 2.2 4.2-4.6" stroke={cut} />
    </>
  ),
  failed: (
    <>
      {disc}
      <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" stroke={cut} />
    </>
  ),
  skipped: <path d="m3.4 4.2 3.8 3.8-3.8 3.8m5.2-7.6L12.4 8l-3.8 3.8" />,
  canceled: (
    <>
      {ring}
      <path d="m3.8 12.2 8.4-8.4" />
    </>
  ),
  pending: diamond,
  approved: (
    <>
      <path d="M8 .8 15.2 8 8 15.2.8 8Z" fill="currentColor" stroke="none" />
      <path d="m5.3 8.2 1.9 1.9 3.5-3.8" stroke={cut} />
    </>
  ),
  rejected: (
    <>
      <path d="M8 .8 15.2 8 8 15.2.8 8Z" fill="currentColor" stroke="none" />
      <path d="M5.4 8h5.2" stroke={cut} strokeWidth="2" />
    </>
  ),
  unknown: (
    <>
      {ring}
      <path d="M6.4 6.4c.1-1 .8-1.5 1.7-1.5s1.6.6 1.6 1.4c0 1.2-1.6 1.3-1.6 2.5" />
      <circle cx="8.1" cy="11" r=".5" fill="currentColor" />
    </>
  ),
};

/** The drawing of a tone, in the tone's colour. */
export function Glyph({ tone, size = 14 }: { tone: Tone; size?: number }) {
  return (
    <svg
      className="tone-ink shrink-0"
      data-tone={tone}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[tone]}
    </svg>
  );
}
