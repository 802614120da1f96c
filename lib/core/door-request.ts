import { z } from "zod";
import { err, ok, type Result } from "./result";

const common = {
  token: z.string().max(200),
  surface: z.enum(["cli", "mcp"]),
  input: z.unknown(),
};

/** What a step in a sandbox asks: a call or a question, with the token that proves which attempt asks. */
export const DoorRequest = z.union([
  z.strictObject({ ...common, view: z.string().max(200) }),
  z.strictObject({
    ...common,
    action: z.string().max(200),
    options: z.strictObject({
      yes: z.boolean().optional(),
      confirm: z.string().max(200).optional(),
      dryRun: z.boolean().optional(),
      propose: z.boolean().optional(),
    }),
  }),
]);

export type DoorRequest = z.infer<typeof DoorRequest>;

/** Reads one request; what is no request of this form is refused. */
export function readDoorRequest(text: string): Result<DoorRequest> {
  const refused = (problem: string) =>
    err({ code: "input.invalid", problem: `the request ${problem}` } as const);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused("is no JSON");
  }
  const parsed = DoorRequest.safeParse(value);
  return parsed.success ? ok(parsed.data) : refused("has another form than seqctl's");
}
