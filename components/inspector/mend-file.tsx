"use client";

import { FileEditor } from "./file-editor";
import { useFileText } from "./file-text";

/** The file that can't be read, as it stands, to be mended; nothing where it is not the file that is at fault. */
export function MendFile() {
  const { data } = useFileText();
  return data?.fault ? <FileEditor file={data} /> : null;
}
