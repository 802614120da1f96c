import type { Json } from "../json";

/** How two values are compared. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** What a condition says, parsed; it can read but never act. */
export type Expression =
  | { kind: "literal"; value: null | boolean | number | string }
  | { kind: "reference"; source: string; root: string; path: (string | number)[] }
  | { kind: "not"; of: Expression }
  | { kind: "and" | "or"; left: Expression; right: Expression }
  | { kind: "compare"; by: Comparison; left: Expression; right: Expression };

/** Everything an expression reads, such as `steps.test.outputs.passed`. */
export function referencesIn(expression: Expression): Extract<Expression, { kind: "reference" }>[] {
  switch (expression.kind) {
    case "literal":
      return [];
    case "reference":
      return [expression];
    case "not":
      return referencesIn(expression.of);
    default:
      return [...referencesIn(expression.left), ...referencesIn(expression.right)];
  }
}

/** What an expression came to, or why it came to nothing, as the second half of a sentence. */
export type Outcome = { ok: true; value: Json } | { ok: false; problem: string };

/** Looks a reference up; a missing value is null, a value that can't be known a problem. */
export type Lookup = (root: string, path: readonly (string | number)[]) => Outcome;

/** Whether a value counts as true: not null, false, 0 or the empty text. */
export function isTrue(value: Json): boolean {
  return value !== null && value !== false && value !== 0 && value !== "";
}

/** Works an expression out. What `and` and `or` need not know is not looked up. */
export function evaluate(expression: Expression, lookUp: Lookup): Outcome {
  switch (expression.kind) {
    case "literal":
      return { ok: true, value: expression.value };
    case "reference":
      return lookUp(expression.root, expression.path);
    case "not": {
      const of = evaluate(expression.of, lookUp);
      return of.ok ? { ok: true, value: !isTrue(of.value) } : of;
    }
    case "and":
    case "or": {
      const left = evaluate(expression.left, lookUp);
      if (!left.ok || isTrue(left.value) === (expression.kind === "or")) return left;
      return evaluate(expression.right, lookUp);
    }
    case "compare": {
      const left = evaluate(expression.left, lookUp);
      if (!left.ok) return left;
      const right = evaluate(expression.right, lookUp);
      return right.ok ? compare(expression.by, left.value, right.value) : right;
    }
  }
}

const kindOf = (value: Json) => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);

/** Equality is by value and never converts; an order there is only among numbers and among texts. */
function compare(by: Comparison, left: Json, right: Json): Outcome {
  if (by === "==" || by === "!=") return { ok: true, value: isSame(left, right) === (by === "==") };
  const kind = kindOf(left);
  if (kind !== kindOf(right) || (kind !== "number" && kind !== "string"))
    return { ok: false, problem: `${by} can't compare a ${kind} with a ${kindOf(right)}` };
  const [a, b] = [left as number, right as number];
  return { ok: true, value: by === "<" ? a < b : by === "<=" ? a <= b : by === ">" ? a > b : a >= b };
}

function isSame(left: Json, right: Json): boolean {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null)
    return left === right;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  const [a, b] = [left as Record<string, Json>, right as Record<string, Json>];
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key] as Json, b[key] as Json))
  );
}

/** Follows a path into a value; what is not there is null. */
export function follow(value: Json, path: readonly (string | number)[]): Json {
  let at = value;
  for (const part of path) {
    const isThere = typeof at === "object" && at !== null && Object.hasOwn(at, part);
    at = isThere ? ((at as Record<string | number, Json>)[part] as Json) : null;
  }
  return at;
}
