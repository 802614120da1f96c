import type { z } from "zod";
import { isMissing, saidOf } from "../issue";
import { nearest } from "../nearest";
import { err, ok, type Result } from "../result";
import { base } from "./base";
import { chained } from "./chained";
import { fusion } from "./fusion";
import { longAutonomy } from "./long-autonomy";
import { orchestrated } from "./orchestrated";
import { parallel } from "./parallel";
import type { Fragment, Template } from "./template";
import { readTemplate, TemplateFault } from "./user";

/** The six thread types, as templates. */
export const templates = [base, parallel, chained, fusion, orchestrated, longAutonomy] as const;

/** A template whose parameters' type is known only to itself. */
type AnyTemplate = Template<unknown>;

/** The user's own templates, as a folder of texts. */
export interface TemplateTexts {
  /** Names, without their ending, sorted. */
  names(): string[];
  read(name: string): Result<{ text: string; file: string }>;
}

/** What templates there are: ours, then the user's; ours can't be replaced. */
export function templateNames(texts: TemplateTexts): { type: string; own: boolean }[] {
  const ours = templates.map(({ type }) => type);
  const own = texts.names().filter((name) => !ours.includes(name));
  return [...ours.map((type) => ({ type, own: false })), ...own.map((type) => ({ type, own: true }))];
}

/** The template of that name. */
export function findTemplate(texts: TemplateTexts, type: string): Result<AnyTemplate> {
  const ours = templates.find((template) => template.type === type);
  if (ours) return ok(ours as unknown as AnyTemplate);
  const names = templateNames(texts).map((known) => known.type);
  if (!names.includes(type)) {
    const near = nearest(type, names);
    return err({ code: "template.unknown", type, ...(near ? { nearest: near } : {}) });
  }
  const text = texts.read(type);
  return text.ok ? (readTemplate(type, text.value.text, text.value.file) as Result<AnyTemplate>) : text;
}

/** What the template makes of parameters; a parameter that does not fit is refused by name. */
export function generate(template: AnyTemplate, id: string, params: unknown): Result<Fragment> {
  const parsed = template.params.safeParse(params);
  if (!parsed.success) return err(paramFailure(template.type, parsed.error.issues[0]));
  try {
    return ok(template.generate(id, parsed.data));
  } catch (fault) {
    if (!(fault instanceof TemplateFault)) throw fault;
    return err({ code: "template.invalid", file: `template ${template.type}`, problem: fault.message });
  }
}

function paramFailure(type: string, issue: z.core.$ZodIssue | undefined) {
  const key = issue?.path.join(".") ?? "";
  const hint = `\`seqctl template show ${type}\` lists its parameters`;
  if (issue?.code === "unrecognized_keys")
    return { code: "input.invalid", problem: `template ${type} takes no '${issue.keys[0]}'`, hint } as const;
  if (issue && isMissing(issue))
    return { code: "input.invalid", problem: `template ${type} needs '${key}'`, hint } as const;
  const said = saidOf(issue);
  return { code: "input.invalid", problem: `template ${type}, '${key}': ${said}`, hint } as const;
}
