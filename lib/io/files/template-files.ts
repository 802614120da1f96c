import * as fs from "node:fs";
import { join } from "node:path";
import { err, ok } from "../../core/result";
import { idPattern } from "../../core/sequence/ids";
import { decodeSource } from "../../core/sequence/source";
import type { TemplateTexts } from "../../core/templates";
import { readIfThere } from "./atomic";

const maxBytes = 1024 * 1024;
const ending = /\.ya?ml$/;

/** `<folder>/templates/<name>.yaml`; what is no regular file, or has a name that could be no id, is passed over. */
export function templateFiles(folder: string): TemplateTexts {
  const place = join(folder, "templates");
  const files = () => {
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(place, { withFileTypes: true });
    } catch {
      return [];
    }
    return entries
      .filter((entry) => entry.isFile() && ending.test(entry.name))
      .map((entry) => entry.name)
      .filter((name) => idPattern.test(name.replace(ending, "")))
      .sort();
  };
  return {
    names: () => [...new Set(files().map((name) => name.replace(ending, "")))],
    read: (name) => {
      const found = files().find((each) => each.replace(ending, "") === name);
      const file = `.threados/templates/${found ?? `${name}.yaml`}`;
      const read = found === undefined ? undefined : readIfThere(join(place, found), maxBytes);
      if (read === undefined) return err({ code: "file.missing", path: file });
      if ("problem" in read) return err({ code: "file.unreadable", path: file, problem: read.problem });
      const text = decodeSource(read.bytes, file);
      return text.ok ? ok({ text: text.value, file }) : text;
    },
  };
}
