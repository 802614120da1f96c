import { z } from "zod";

const mostMb = 1_048_576;

/** How much of the machine a step may use. Each process of it is bound by each limit but `processes`, which counts them. */
export const ResourceLimits = z.strictObject({
  memory_mb: z
    .int()
    .min(1)
    .max(mostMb)
    .optional()
    .meta({ description: "memory of each process, in MB", examples: [2048] }),
  processes: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .meta({ description: "processes in its sandbox", examples: [64] }),
  open_files: z
    .int()
    .min(3)
    .max(1_000_000)
    .optional()
    .meta({ description: "files open at a time", examples: [1024] }),
  file_mb: z
    .int()
    .min(1)
    .max(mostMb)
    .optional()
    .meta({ description: "size of a file it writes, in MB", examples: [512] }),
  cpu_s: z
    .int()
    .min(1)
    .max(604_800)
    .optional()
    .meta({ description: "computing time of each process, in seconds", examples: [600] }),
});

export type ResourceLimits = z.infer<typeof ResourceLimits>;

/** Of each limit the narrower one; undefined where nobody sets any. */
export function narrower(
  a: ResourceLimits | undefined,
  b: ResourceLimits | undefined,
): ResourceLimits | undefined {
  if (!a || !b) return a ?? b;
  const both: ResourceLimits = { ...a };
  for (const [key, value] of entriesOf(b)) both[key] = Math.min(value, a[key] ?? value);
  return both;
}

/** The limits of `wanted` that are wider than what already holds. */
export function widerThan(
  wanted: ResourceLimits,
  bound: ResourceLimits | undefined,
): [string, number, number][] {
  return entriesOf(wanted).flatMap(([key, value]) => {
    const most = bound?.[key];
    return most !== undefined && value > most ? [[key, value, most] as [string, number, number]] : [];
  });
}

function entriesOf(limits: ResourceLimits): [keyof ResourceLimits, number][] {
  return Object.entries(limits).filter(([, value]) => value !== undefined) as [
    keyof ResourceLimits,
    number,
  ][];
}
