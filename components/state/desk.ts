import type { Sequence } from "../../lib/core/sequence/schema";
import type { Refusal } from "./api";
import { asOne, type Call, type Done, type Question } from "./call";
import { overlayStatus } from "./overlay";
import type { StatusDocument } from "./wire";

/** What came of a call: done, refused in the server's words, or the person said no. */
export type Outcome =
  | { kind: "done"; done: Done }
  | { kind: "refused"; refusal: Refusal }
  | { kind: "declined" };

/** The answer to one request. */
export type Answer =
  | { kind: "done"; done: Done }
  | { kind: "refused"; refusal: Refusal }
  | { kind: "asked"; question: Question };

/** Core's own edits, as the desk tries them before the server does. */
export type Apply = (
  sequence: Sequence,
  call: Call,
) => { sequence: Sequence } | { refusal: Refusal } | "unknown";

/** What the desk needs of the page. */
interface DeskOptions {
  send(call: Call, confirm: string | undefined): Promise<Answer>;
  /** Reads the definition as it stands. */
  sequence(): Promise<{ revision: string; sequence: Sequence }>;
  /** Reads the status as it stands. */
  status(): Promise<StatusDocument>;
  apply(): Promise<Apply>;
  /** Whether the person agrees. */
  ask(question: Question): Promise<boolean>;
  /** Shows a status: the server's, or with edits laid over it that are on their way. */
  publish(status: StatusDocument): void;
}

interface Pending {
  call: Call;
  /** The revision that the server wrote; from then on only the news of it is waited for. */
  after?: string;
}

/**
 * Edits on their way: each is tried by core's own code and shown at once, sent one after the other, and taken back if
 * the server refuses it. A pushed status that already holds an edit settles it.
 */
export class Desk {
  private readonly options: DeskOptions;
  private server: StatusDocument | undefined;
  private base: { revision: string; sequence: Sequence } | undefined;
  private apply: Apply | undefined;
  private pending: Pending[] = [];
  private line: Promise<unknown> = Promise.resolve();

  constructor(options: DeskOptions) {
    this.options = options;
  }

  /** Takes a status that the server pushed. */
  take(status: StatusDocument): void {
    this.server = status;
    const settled = this.pending.findIndex((edit) => edit.after === status.revision);
    if (settled >= 0) this.settle(settled + 1);
    else if (status.revision !== this.base?.revision) {
      // Somebody else's revision: what is written already is part of it.
      this.pending = this.pending.filter((edit) => edit.after === undefined);
    }
    this.show();
  }

  /** Edits the sequence: all calls as one, or none. */
  async edit(calls: readonly Call[]): Promise<Outcome> {
    const call = asOne(calls);
    await this.prepare();
    const tried = this.tried(call);
    if (tried && "refusal" in tried) return { kind: "refused", refusal: tried.refusal };
    const edit: Pending = { call };
    if (tried) {
      this.pending.push(edit);
      this.show();
    }
    return this.inLine(async () => {
      const outcome = await this.carry(call);
      if (outcome.kind === "done" && outcome.done.after !== undefined && outcome.done.changed)
        edit.after = outcome.done.after;
      else this.pending = this.pending.filter((other) => other !== edit);
      await this.catchUp(edit);
      return outcome;
    });
  }

  /**
   * Carries out anything else; nothing is shown before the server says so. `agreed` is the digest of what the person was
   * shown already, and said yes to.
   */
  do(call: Call, agreed?: string): Promise<Outcome> {
    if (!call.action.startsWith("sequence.")) return this.carry(call, agreed);
    return this.inLine(async () => {
      const outcome = await this.carry(call);
      await this.catchUp();
      return outcome;
    });
  }

  /**
   * Takes over how things stand after a call. Waiting for the push alone would not do: where somebody undoes an edit
   * at once, the status never changes in the server's eyes, and nothing is pushed.
   */
  private async catchUp(edit?: Pending): Promise<void> {
    const status = await this.options.status().catch(() => undefined);
    if (status) this.take(status);
    if (status && edit) this.pending = this.pending.filter((other) => other !== edit);
    this.show();
  }

  /** The sequence with everything that is on its way, for judging the next edit; undefined before the first one was asked for. */
  shown(): Sequence | undefined {
    return this.fold();
  }

  /** Loads what edits are tried with. */
  async prepare(): Promise<void> {
    // What can't be tried here for want of a line is for the server to judge, or for the page to say that it can't be reached.
    this.apply ??= await this.options.apply().catch(() => undefined);
    if (this.base && (this.base.revision === this.server?.revision || this.pending.length > 0)) return;
    this.base = await this.options.sequence().catch(() => this.base);
  }

  private async carry(call: Call, agreed?: string): Promise<Outcome> {
    let confirm = agreed;
    for (;;) {
      const answer = await this.options.send(call, confirm);
      if (answer.kind === "refused" && answer.refusal.code === "confirm.stale" && confirm !== undefined) {
        // It changed while the person looked: they are asked about what it would do now.
        confirm = undefined;
        continue;
      }
      if (answer.kind !== "asked") return answer;
      if (!(await this.options.ask(answer.question))) return { kind: "declined" };
      confirm = answer.question.confirm;
    }
  }

  private inLine<T>(work: () => Promise<T>): Promise<T> {
    const result = this.line.then(work, work);
    this.line = result.catch(() => undefined);
    return result;
  }

  /** The first edits are part of what the server shows now. */
  private settle(count: number): void {
    const done = this.pending.splice(0, count);
    const last = done.at(-1)?.after;
    const sequence = done.reduce<Sequence | undefined>(
      (at, edit) => this.next(at, edit.call),
      this.base?.sequence,
    );
    this.base = sequence && last !== undefined ? { revision: last, sequence } : undefined;
  }

  private tried(call: Call): { sequence: Sequence } | { refusal: Refusal } | undefined {
    const sequence = this.fold();
    if (!sequence || !this.apply) return undefined;
    const result = this.apply(sequence, call);
    return result === "unknown" ? undefined : result;
  }

  private next(sequence: Sequence | undefined, call: Call): Sequence | undefined {
    if (!sequence || !this.apply) return undefined;
    const result = this.apply(sequence, call);
    return result !== "unknown" && "sequence" in result ? result.sequence : sequence;
  }

  private fold(): Sequence | undefined {
    return this.pending.reduce<Sequence | undefined>(
      (sequence, edit) => this.next(sequence, edit.call),
      this.base?.sequence,
    );
  }

  private show(): void {
    if (!this.server) return;
    const sequence = this.pending.length > 0 ? this.fold() : undefined;
    this.options.publish(sequence ? overlayStatus(this.server, sequence) : this.server);
  }
}
