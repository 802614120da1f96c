/** A piece of YAML with what it is, as far as colour needs to know. */
interface YamlPiece {
  kind: "key" | "comment" | "text" | "plain";
  text: string;
}

const line = /^(\s*(?:- +)*)((?:"[^"\n]*"|'[^'\n]*'|[^\s:#"'[\]{},][^:#\n]*)(?=:(?:\s|$)))?(.*)$/;
const tokens = /"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?:^|\s)#.*$/g;

/** Cuts YAML into keys, quoted text, comments and the rest. Joined, the pieces are the text again. */
export function paintYaml(yaml: string): YamlPiece[] {
  const pieces: YamlPiece[] = [];
  const add = (kind: YamlPiece["kind"], text: string) => {
    if (text !== "") pieces.push({ kind, text });
  };
  yaml.split("\n").forEach((text, index) => {
    if (index > 0) add("plain", "\n");
    const [, indent = "", key = "", rest = ""] = line.exec(text) ?? [];
    add("plain", indent);
    add("key", key);
    let at = 0;
    for (const match of rest.matchAll(tokens)) {
      add("plain", rest.slice(at, match.index));
      add(match[0].trimStart().startsWith("#") ? "comment" : "text", match[0]);
      at = match.index + match[0].length;
    }
    add("plain", rest.slice(at));
  });
  return pieces;
}
