"use client";

import { memo, type ReactNode, useDeferredValue } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { type Citation, citationOf, citeWords } from "./citations";
import { useChat } from "./state";

/** An answer's text as Markdown: what looks like HTML is text, no pictures from elsewhere, links that leave the page to itself. */
export const Words = memo(function Words({ text }: { text: string }) {
  // While an answer comes fast, typing and panning go first.
  const shown = useDeferredValue(text);
  return (
    <Markdown remarkPlugins={plugins} rehypePlugins={cites} components={components}>
      {shown}
    </Markdown>
  );
});

/** Reads `<T>`, `<details>` and the like as the characters they are: to drop them would change what was said. */
function withoutHtml(this: { data(): object }): void {
  const data: { micromarkExtensions?: object[] } = this.data();
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push({ disable: { null: ["htmlFlow", "htmlText"] } });
}

const plugins = [remarkGfm, withoutHtml];
const cites = [citeWords];

const components: Components = {
  a: ({ href, children }) => (
    <a className="link" href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ alt }) => <span className="text-muted">[picture: {alt || "without a name"}]</span>,
  code: ({ children, className }) => <Code className={className}>{children}</Code>,
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <pre tabIndex={0}>{children}</pre>
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
    <div className="chat-table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  h1: ({ children }) => <p className="font-semibold">{children}</p>,
  h2: ({ children }) => <p className="font-semibold">{children}</p>,
  h3: ({ children }) => <p className="font-semibold">{children}</p>,
  h4: ({ children }) => <p className="font-semibold">{children}</p>,
  h5: ({ children }) => <p className="font-semibold">{children}</p>,
  h6: ({ children }) => <p className="font-semibold">{children}</p>,
};

function Code({ children, className }: { children: ReactNode; className: string | undefined }) {
  const cited = className === undefined && typeof children === "string" ? citationOf(children) : undefined;
  return cited ? <Cite cited={cited}>{children}</Cite> : <code className={className}>{children}</code>;
}

function Cite({ cited, children }: { cited: Citation; children: ReactNode }) {
  return (
    <button
      type="button"
      className="chat-cite"
      title="Open where it stands"
      onClick={() => useChat.setState({ cited })}
    >
      {children}
    </button>
  );
}
