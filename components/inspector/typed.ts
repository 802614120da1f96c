import type { Json } from "../../lib/core/json";
import { type FieldSpec, isSameField, writeField } from "../forms/schema";

/** The keys of a step or gate, as the file has them. */
export type Definition = Record<string, Json>;

/** What was typed into a field, and what stood in the file when typing began. */
export interface Typed {
  text: string;
  base: string;
  /** What of it the person had saved last: that the file says so is nobody else's change. */
  saved?: string;
}

/** Whether what was typed would change the file. */
export function isChanged({ key, kind }: FieldSpec, typed: Typed | undefined, file: Definition): boolean {
  return typed !== undefined && !isSameField(kind, typed.text, writeField(kind, file[key]));
}

/** Whether somebody else changed the field meanwhile, to another value than what was typed. */
export function isMoved(field: FieldSpec, typed: Typed | undefined, file: Definition): boolean {
  const theirs = writeField(field.kind, file[field.key]);
  const own = [typed?.base ?? "", ...(typed?.saved === undefined ? [] : [typed.saved])];
  return isChanged(field, typed, file) && !own.some((text) => isSameField(field.kind, text, theirs));
}
