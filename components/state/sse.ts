/** One event of a server-sent stream. */
export interface StreamEvent {
  name: string;
  data: string;
  /** The newest id seen up to here; it is what a reconnect names. */
  id: string;
}

/** Reads a server-sent stream from text that arrives in pieces cut anywhere, by the rules of the HTML standard. */
export class SseParser {
  private rest = "";
  private name = "";
  private data: string[] = [];
  private id = "";
  private begun = false;

  /** The events that this piece completes. */
  push(chunk: string): StreamEvent[] {
    let text = this.rest + chunk;
    if (!this.begun && text !== "") {
      this.begun = true;
      if (text.startsWith("\uFEFF")) text = text.slice(1);
    }
    const events: StreamEvent[] = [];
    let at = 0;
    for (;;) {
      const end = lineEnd(text, at);
      if (!end) break;
      const event = this.line(text.slice(at, end.at));
      if (event) events.push(event);
      at = end.next;
    }
    this.rest = text.slice(at);
    return events;
  }

  private line(line: string): StreamEvent | undefined {
    if (line === "") return this.dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && !value.includes("\0")) this.id = value;
    return undefined;
  }

  private dispatch(): StreamEvent | undefined {
    const { name, data, id } = this;
    this.name = "";
    this.data = [];
    return data.length === 0 ? undefined : { name: name || "message", data: data.join("\n"), id };
  }
}

/** Where the line that starts at `from` ends. A CR at the very end may be half of a CRLF, so it has to wait. */
function lineEnd(text: string, from: number): { at: number; next: number } | undefined {
  const ends = /[\r\n]/g;
  ends.lastIndex = from;
  const at = ends.exec(text)?.index;
  if (at === undefined) return undefined;
  if (text[at] === "\n") return { at, next: at + 1 };
  if (at + 1 === text.length) return undefined;
  return { at, next: text[at + 1] === "\n" ? at + 2 : at + 1 };
}
