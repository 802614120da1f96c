import type { Comparison, Expression } from "./expression";

/** An expression, or what is wrong with it and at which column (from 1). */
export type Parsed = { ok: true; expression: Expression } | { ok: false; problem: string; column: number };

const maxLength = 2000;
const maxDepth = 50;

/** Reads a condition such as `steps.test.outputs.passed == true and not params.dry`. */
export function parseExpression(source: string): Parsed {
  if (source.length > maxLength)
    return { ok: false, problem: `it is longer than ${maxLength} characters`, column: maxLength };
  try {
    return { ok: true, expression: new Parser(source).whole() };
  } catch (error) {
    if (error instanceof Misread) return { ok: false, problem: error.message, column: error.column };
    throw error;
  }
}

class Misread extends Error {
  readonly column: number;
  constructor(problem: string, offset: number) {
    super(problem);
    this.column = offset + 1;
  }
}

interface Token {
  kind: "number" | "text" | "word" | "sign" | "end";
  text: string;
  from: number;
}

const forms =
  /\s*(?:(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w-]))|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|([A-Za-z_][\w-]*)|(==|!=|<=|>=|&&|\|\||[<>!().[\]])|(\S)|$)/y;
const kinds = ["number", "text", "word", "sign"] as const;
const comparisons = ["==", "!=", "<", "<=", ">", ">="];
const strengths = new Map([["or", 1], ["and", 2], ...comparisons.map((sign): [string, number] => [sign, 4])]);
const aliases = new Map([
  ["&&", "and"],
  ["||", "or"],
  ["!", "not"],
]);
const constants = new Map<string, null | boolean>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Operator precedence by strengths (Pratt): or, and, not, comparisons; comparisons don't chain. */
class Parser {
  private readonly source: string;
  private next: Token;
  private at = 0;
  private depth = 0;

  constructor(source: string) {
    this.source = source;
    this.next = this.read();
  }

  whole(): Expression {
    const expression = this.expression(0);
    if (this.next.kind !== "end") throw this.unexpected("an operator or the end");
    return expression;
  }

  private expression(floor: number): Expression {
    if (++this.depth > maxDepth) throw new Misread("it is nested too deeply", this.next.from);
    let left = this.operand();
    for (;;) {
      const operator = aliases.get(this.next.text) ?? this.next.text;
      const strength = this.next.kind === "text" ? undefined : strengths.get(operator);
      if (strength === undefined || strength <= floor) break;
      this.take();
      const right = this.expression(strength);
      left =
        operator === "and" || operator === "or"
          ? { kind: operator, left, right }
          : { kind: "compare", by: operator as Comparison, left, right };
      if (strength === 4 && this.next.kind === "sign" && comparisons.includes(this.next.text))
        throw new Misread("comparisons can't be chained; join them with `and`", this.next.from);
    }
    this.depth -= 1;
    return left;
  }

  private operand(): Expression {
    const token = this.take();
    const word = token.kind === "text" ? "" : (aliases.get(token.text) ?? token.text);
    if (word === "not") return { kind: "not", of: this.expression(3) };
    if (word === "(") {
      const inner = this.expression(0);
      this.expect(")");
      return inner;
    }
    if (token.kind === "number") return { kind: "literal", value: Number(token.text) };
    if (token.kind === "text") return { kind: "literal", value: unquote(token.text) };
    const constant = constants.get(word);
    if (constant !== undefined) return { kind: "literal", value: constant };
    if (token.kind === "word" && word !== "and" && word !== "or") return this.reference(token);
    throw this.unexpected("a value", token);
  }

  private reference(root: Token): Expression {
    const path: (string | number)[] = [];
    let end = root.from + root.text.length;
    while (this.next.kind === "sign" && (this.next.text === "." || this.next.text === "[")) {
      if (this.next.text === ".") {
        // Names of steps may begin with a digit, which would be a number anywhere else.
        const name = /^[\w-]+/.exec(this.source.slice(this.next.from + 1))?.[0];
        if (name === undefined) throw new Misread("a name must follow the dot", this.next.from + 1);
        path.push(name);
        this.at = this.next.from + 1 + name.length;
        end = this.at;
        this.next = this.read();
      } else {
        this.take();
        const key = this.take();
        const isIndex = key.kind === "number" && /^\d+$/.test(key.text);
        if (!isIndex && key.kind !== "text") throw this.unexpected("a number or a quoted key", key);
        path.push(isIndex ? Number(key.text) : unquote(key.text));
        end = this.expect("]").from + 1;
      }
    }
    return { kind: "reference", source: this.source.slice(root.from, end), root: root.text, path };
  }

  private expect(sign: string): Token {
    if (this.next.kind === "sign" && this.next.text === sign) return this.take();
    throw this.unexpected(`'${sign}'`);
  }

  private take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.next = this.read();
    return token;
  }

  private unexpected(wanted: string, found = this.next): Misread {
    const what = found.kind === "end" ? "it ends here" : `found ${found.text}`;
    return new Misread(`expected ${wanted}, but ${what}`, found.from);
  }

  private read(): Token {
    forms.lastIndex = this.at;
    const match = forms.exec(this.source) as RegExpExecArray;
    this.at = forms.lastIndex;
    const group = match.findIndex((part, index) => index > 0 && part !== undefined);
    if (group === -1) return { kind: "end", text: "", from: this.source.length };
    const text = match[group] as string;
    const kind = kinds[group - 1];
    if (kind) return { kind, text, from: this.at - text.length };
    const problem =
      text === "'" || text === '"'
        ? "this text is not closed"
        : text === "="
          ? "write == to compare"
          : `${text} can't stand here`;
    throw new Misread(problem, this.at - text.length);
  }
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gs, "$1");
}
