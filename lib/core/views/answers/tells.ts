import { z } from "zod";

type Covers<T, S extends z.ZodType> = [T] extends [z.input<S>]
  ? [keyof T] extends [keyof z.input<S>]
    ? unknown
    : never
  : never;

/** Ties a schema to the type of what it describes: one that such a document does not fit, or that lacks a key of it, does not compile. */
export function tells<T>() {
  return <S extends z.ZodType>(schema: S & Covers<T, S>): S => schema;
}

/** A time. */
export const time = z.number().describe("ms since the epoch");
/** A length of time. */
export const span = z.number().describe("ms");
/** A time as logs hold it. */
export const stamp = z.string().describe("ISO 8601");
/** A digest. */
export const digest = z.string().describe("SHA-256, hex");
/** How many there are. */
export const count = z.int().min(0);
/** How many stand in each way, by the word for it; `total` is all of them. */
export const counts = z.record(z.string(), count);
/** A number of bytes. */
export const bytes = z.int().min(0).describe("bytes");
