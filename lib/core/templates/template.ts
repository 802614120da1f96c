import { z } from "zod";
import { Command, type Gate, type Step } from "../sequence/schema";
import { placeholderCommand } from "../sequence/unfinished";

/** A piece of a sequence: what a template puts in. */
export interface Fragment {
  steps: Step[];
  gates: Gate[];
}

/** A shape of work that can be put into a sequence; `generate` is pure. */
export interface Template<P> {
  /** The word it is called by. */
  type: string;
  title: string;
  params: z.ZodType<P>;
  /** Steps and gates whose ids all are `id` or begin with `id-`. */
  generate: (id: string, params: P) => Fragment;
}

/** Types a template's parts against its parameters. */
export function defineTemplate<P>(template: Template<P>): Template<P> {
  return template;
}

/** Parameters that every template of ours takes. */
export const work = {
  model: z.string().min(1).max(64).optional().describe("agent that does the work, or shell"),
  command: Command.optional().describe("command that does the work"),
  prompt: z.string().min(1).optional().describe("file with the agent's prompt (prompts/<id>.md)"),
  depends_on: z.array(z.string()).optional().describe("steps and gates that the first steps wait for"),
};

/** The name that stands twice in a list, without regard to case. */
function repeatedIn(asked: unknown): string | undefined {
  if (!Array.isArray(asked)) return undefined;
  const lower = asked.map((name) => String(name).toLowerCase());
  return asked.find((_, index) => lower.indexOf(lower[index] as string) < index);
}

/** `3`, `[a, b]`, or either as one types it: how many of something, or their names, each once. */
export const CountOrNames = z
  .union(
    [
      z.int(),
      z.array(z.string().min(1)).transform((names) => {
        const [only = ""] = names;
        return names.length === 1 && /^\d{1,4}$/.test(only) ? Number(only) : names;
      }),
      z
        .string()
        .min(1)
        .transform((typed) =>
          /^\d{1,4}$/.test(typed) ? Number(typed) : typed.split(",").map((n) => n.trim()),
        ),
    ],
    "must be a number or a list of names",
  )
  .refine((asked) => repeatedIn(asked) === undefined, {
    error: ({ input }) => `'${repeatedIn(input)}' is named twice`,
  });

/** How many a count or a list of names stands for. */
export function sizeOf(asked: number | string[]): number {
  return typeof asked === "number" ? asked : asked.length;
}

/** How many steps of a kind a template makes at most: as many as fan-out allows. */
export const most = 50;

interface Work {
  model?: string | undefined;
  command?: Step["command"] | undefined;
  prompt?: string | undefined;
}

/** A step that does the work the parameters name; without any, a stand-in that runs and says what to replace. */
export function workStep(id: string, { model, command, prompt }: Work, more: Omit<Step, "id"> = {}): Step {
  const { name, type, depends_on, ...rest } = more;
  const head: Step = { id, ...(name === undefined ? {} : { name }), ...(type === undefined ? {} : { type }) };
  if (model !== undefined) head.model = model;
  if (command !== undefined) head.command = command;
  else if (prompt !== undefined || (model !== undefined && model !== "shell"))
    head.prompt = prompt ?? `prompts/${id}.md`;
  else head.command = placeholderCommand(id);
  if (depends_on !== undefined && depends_on.length > 0) head.depends_on = depends_on;
  return { ...head, ...rest };
}

/** `<id>-1`, `<id>-2`, … */
export function numbered(id: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${id}-${index + 1}`);
}

/** `depends_on` only where there is something to wait for. */
export function after(needs: readonly string[] | undefined): { depends_on?: string[] } {
  return needs === undefined || needs.length === 0 ? {} : { depends_on: [...needs] };
}
