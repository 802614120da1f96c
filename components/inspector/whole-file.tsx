"use client";

import { FileEditor } from "./file-editor";
import { useFileText } from "./file-text";

/** The text of the whole file, with what was typed into it. */
export function WholeFile() {
  const { data } = useFileText();
  return data ? <FileEditor file={data} /> : null;
}
