import { expect, test } from "bun:test";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Words } from "../../../components/chat/words";

const shown = (text: string) => renderToStaticMarkup(createElement(Words, { text }));

test.each([
  ["Use <T> for x < 3", "<p>Use &lt;T&gt; for x &lt; 3</p>"],
  ["seqctl step rm <id>", "<p>seqctl step rm &lt;id&gt;</p>"],
  ["<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"],
  [
    "<details><summary>a **b**</summary>\nc</details>\n\nthe rest",
    "<p>&lt;details&gt;&lt;summary&gt;a <strong>b</strong>&lt;/summary&gt;\nc&lt;/details&gt;</p>\n<p>the rest</p>",
  ],
  ["a <!-- b --> c", "<p>a &lt;!-- b --&gt; c</p>"],
  ['<img src="y.png" onerror="z">', "<p>&lt;img src=&quot;y.png&quot; onerror=&quot;z&quot;&gt;</p>"],
  ["- <b>\n- `<i>`", "<ul>\n<li>&lt;b&gt;</li>\n<li><code>&lt;i&gt;</code></li>\n</ul>"],
])("what looks like HTML is shown as the text it is: %s", (text, markup) => expect(shown(text)).toBe(markup));

test("links are links still, also between angle brackets, but lead to no script", () => {
  expect(shown("<https://example.com/a>")).toContain('href="https://example.com/a"');
  expect(shown("[x](javascript:alert(1))")).not.toContain("javascript");
});
