import { Glob } from "bun";

/** A source file as the rules see it: path relative to the repository, with `/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const folders = "{lib,app,bin,components,scripts,bench,demo,test,e2e}";

/** Every source file of the repository. */
export async function readSources(root: string): Promise<Source[]> {
  const paths = await Array.fromAsync(new Glob(`${folders}/**/*.{ts,tsx,mts,mjs,js,css}`).scan(root));
  return Promise.all(
    paths.sort().map(async (path) => ({ path, text: await Bun.file(`${root}/${path}`).text() })),
  );
}

const quotes = new Set(['"', "'", "`"]);
const beforeRegex = /(^|[(,=:[!&|?{};+\-*%>~^]|\b(return|typeof|case|in|of|do|else|void|await|yield))\s*$/;

/** Separates a file's code, with its strings and regular expressions emptied, from its comments; lines keep their numbers. */
export function split(text: string): { code: string; comments: string } {
  let code = "";
  let comments = "";
  const templates: number[] = [];
  let depth = 0;
  const put = (where: "code" | "comments" | "none", part: string) => {
    const blank = part.replace(/[^\n]/g, "");
    code += where === "code" ? part : blank;
    comments += where === "comments" ? part : blank;
  };
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? "";
    const pair = text.slice(at, at + 2);
    let end = at + 1;
    if (pair === "//") {
      end = endOf(text, "\n", at);
      put("comments", text.slice(at, end));
    } else if (pair === "/*") {
      end = endOf(text, "*/", at + 2) + 2;
      put("comments", text.slice(at, end));
    } else if (quotes.has(char) || (char === "}" && templates.at(-1) === depth)) {
      if (char === "}") templates.pop();
      const literal = readLiteral(text, at, char === "}" ? "`" : char);
      end = literal.end;
      put("code", char === "}" ? "" : '"');
      put("none", text.slice(at, end));
      put("code", literal.opens ? "" : '"');
      if (literal.opens) templates.push(depth);
    } else if (char === "/" && beforeRegex.test(code)) {
      end = endOfRegex(text, at);
      put("code", "/ /");
      put("none", text.slice(at, end));
    } else {
      if (char === "{") depth++;
      if (char === "}") depth--;
      put("code", char);
    }
    at = end;
  }
  return { code, comments };
}

/** The number, from 1, of the line at this offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

function readLiteral(text: string, start: number, quote: string): { end: number; opens: boolean } {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return { end: at + 1, opens: false };
    else if (quote === "`" && text.startsWith("${", at)) return { end: at + 2, opens: true };
    else if (quote !== "`" && text[at] === "\n") return { end: at, opens: false };
  }
  return { end: text.length, opens: false };
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "[") inClass = true;
    else if (text[at] === "]") inClass = false;
    else if (text[at] === "/" && !inClass) return at + 1;
  }
  return start + 1;
}
