import { stringify } from "yaml";
import { z } from "zod";
import type { Json } from "../json";
import { ok, type Result } from "../result";
import { findTemplate, generate, type TemplateTexts, templateNames } from "../templates";

/** A template in a list. */
export interface TemplateRow {
  type: string;
  title: string;
  /** Whether it is the user's own. */
  own: boolean;
  /** Why it can't be used. */
  problem: string | null;
}

/** A template with its parameters and what it makes of their defaults. */
export interface TemplateDoc extends TemplateRow {
  /** JSON Schema of the parameters. */
  params: Json;
  /** YAML of the steps and gates; null where a parameter must be given. */
  example: string | null;
}

/** All templates; one that can't be read says why instead of spoiling the list. */
export function templateRows(texts: TemplateTexts): TemplateRow[] {
  return templateNames(texts).map(({ type, own }) => {
    const found = findTemplate(texts, type);
    if (found.ok) return { type, title: found.value.title, own, problem: null };
    const { failure } = found;
    return { type, title: "", own, problem: "problem" in failure ? String(failure.problem) : failure.code };
  });
}

/** One template, shown. */
export function templateDoc(texts: TemplateTexts, type: string): Result<TemplateDoc> {
  const found = findTemplate(texts, type);
  if (!found.ok) return found;
  const { title, params } = found.value;
  const fragment = generate(found.value, type, {});
  const nodes = fragment.ok
    ? Object.fromEntries(Object.entries(fragment.value).filter(([, list]) => list.length > 0))
    : undefined;
  return ok({
    type,
    title,
    own: templateNames(texts).some((known) => known.type === type && known.own),
    problem: null,
    params: z.toJSONSchema(params, { io: "input" }) as unknown as Json,
    example:
      nodes === undefined
        ? null
        : stringify(nodes, { aliasDuplicateObjects: false, flowCollectionPadding: false }),
  });
}
