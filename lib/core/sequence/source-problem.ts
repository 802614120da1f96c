import { type Document, isScalar, visit, type YAMLError } from "yaml";
import type { Failure } from "../failure";
import { placeAt } from "./source-place";

interface Problem {
  problem: string;
  from: number;
  to: number;
}

/** The first thing the parser found wrong, in our words and with a remedy where there is a plain one. */
export function describeProblem(
  doc: Document.Parsed,
  errors: YAMLError[],
  text: string,
  file: string,
): Failure {
  const quotes = openQuotes(doc, text);
  const described = errors.map((error) => describe(error, quotes));
  const first = described.reduce((a, b) => (b.from < a.from ? b : a));
  return {
    code: "sequence.syntax",
    problem: first.problem,
    place: placeAt(text, file, first.from, first.to),
  };
}

/** Where quoted texts that are never closed begin, by where they end: the parser points at the end. */
function openQuotes(doc: Document.Parsed, text: string): Map<number, number> {
  const opened = new Map<number, number>();
  visit(doc, (_key, node) => {
    if (!isScalar(node) || !node.range) return;
    const [from, to] = node.range;
    if (text[from] === '"' || text[from] === "'") opened.set(to, from);
  });
  return opened;
}

function describe(error: YAMLError, quotes: Map<number, number>): Problem {
  const [from, to] = error.pos;
  if (error.message.startsWith("Missing closing") && /quote$/.test(error.message)) {
    const start = quotes.get(from) ?? from;
    return { problem: "the quote that opens here is never closed", from: start, to: start + 1 };
  }
  return { problem: inOurWords(error), from, to };
}

function inOurWords(error: YAMLError): string {
  switch (error.code) {
    case "TAB_AS_INDENT":
      return "a tab stands in the indentation; indent with spaces";
    case "BAD_INDENT":
      return `${decapitalised(error.message)}; check the indentation of this line`;
    case "BAD_SCALAR_START":
      return `${decapitalised(error.message)}; put it in quotes`;
    case "MISSING_CHAR":
      if (error.message.startsWith("Implicit map keys"))
        return "a key needs a colon and a space behind it, or this text is indented wrongly";
      return decapitalised(error.message);
    default:
      return decapitalised(error.message);
  }
}

function decapitalised(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
