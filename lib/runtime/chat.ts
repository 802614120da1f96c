import type { Caller } from "../core/actor";
import { scrubJson, scrubText } from "../core/audit/scrub";
import { mostMessageChars } from "../core/chat/message-length";
import type { Failure } from "../core/failure";
import { renderFailure } from "../core/failure-table";
import type { Json } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { admitPerson } from "./chat-admit";
import { applyProposal, type Dispatch, keepDraft, type Wanted } from "./chat-apply";
import { withFates } from "./chat-became";
import { type Conversation, ends, isOpen, messagesOf, openOffer, titleOf } from "./chat-history";
import type { ChatModel, ChatPorts, ChatRecord } from "./chat-ports";
import { type Preview, previewProposal } from "./chat-preview";
import { worthTelling } from "./chat-refused";
import { canceled, converse, type TurnEnd } from "./chat-turn";
import { loadWorld } from "./chat-world";
import type { DispatchOptions, Done } from "./passage";
import type { Ports } from "./ports";
import type { Draft } from "./rehearse";
import { shownUnified } from "./shown-change";

const idForm = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** An answer while it is being given in this process. */
interface Running {
  abort: AbortController;
  records: ChatRecord[];
  wake: Set<() => void>;
  over: boolean;
  ended: Promise<void>;
}

/** The chat of a workspace: conversations kept in files, answers that go on when nobody listens, proposals that a person applies. */
export class Chat {
  private readonly running = new Map<string, Running>();

  private readonly ports: Ports;
  private readonly own: ChatPorts;
  private readonly dispatch: Dispatch;

  constructor(ports: Ports, own: ChatPorts, dispatch: Dispatch) {
    this.ports = ports;
    this.own = own;
    this.dispatch = dispatch;
  }

  /** Lets a person through, and nobody who speaks for a step. */
  admit(caller: Caller, action = "chat.say"): Promise<Result<Caller>> {
    return admitPerson(this.ports, caller, action);
  }

  /** Takes a message; the answer can be listened to from behind `after`. */
  async say(
    asked: { message: unknown; conversation?: unknown },
    caller: Caller,
  ): Promise<Result<{ conversation: string; after: number }>> {
    const admitted = await this.admit(caller);
    if (!admitted.ok) return admitted;
    const { message, conversation } = asked;
    if (typeof message !== "string" || message.trim() === "" || message.length > mostMessageChars)
      return err({
        code: "input.invalid",
        problem: `'message' must be a text of 1 to ${mostMessageChars} characters`,
      });
    const id = conversation ?? this.ports.newRunId();
    const pastOf = () => (conversation === undefined ? [] : this.recordsOf(conversation));
    if (typeof id !== "string" || pastOf() === undefined) return unknown(conversation);
    // First of all, so that its key is known as a secret before anything is written down.
    const model = await this.own.model();
    const hold = this.own.store.hold(id);
    if (!hold) return err({ code: "chat.busy", id });
    // What was said while the model was looked for counts too: the next record follows on it.
    const past = pastOf();
    if (past === undefined) {
      hold.release();
      return unknown(conversation);
    }
    const running: Running = {
      abort: new AbortController(),
      records: [],
      wake: new Set(),
      over: false,
      ended: Promise.resolve(),
    };
    let last = past.at(-1)?.n ?? 0;
    const emit = (type: ChatRecord["type"], data: ChatRecord["data"]) => {
      const record = this.record(++last, type, data);
      this.own.store.append(id, [record], ends.has(type) || type === "asked");
      running.records.push(record);
      for (const wake of running.wake) wake();
    };
    try {
      if (isOpen(past)) emit("error", { conversation: id, ...said(interrupted), tainted: true });
      if (past.length === 0)
        emit("opened", { title: titleOf(scrubText(message, this.ports.knownSecrets())) });
      emit("asked", { text: message });
    } catch (error) {
      hold.release();
      throw error;
    }
    const after = last;
    this.running.set(id, running);
    const over = () => {
      running.over = true;
      this.running.delete(id);
      hold.release();
      for (const wake of running.wake) wake();
    };
    // An answer that can't even be written down any more (a full disk) ends without a word; the next look says that it broke off.
    const all = [...past, ...running.records];
    const answering = this.answer(id, all, caller, model, running.abort.signal, emit);
    running.ended = answering.then(over, over);
    return ok({ conversation: id, after });
  }

  private async answer(
    id: string,
    past: readonly ChatRecord[],
    caller: Caller,
    model: Result<ChatModel>,
    signal: AbortSignal,
    emit: (type: ChatRecord["type"], data: ChatRecord["data"]) => void,
  ): Promise<void> {
    const tell = (type: ChatRecord["type"], data: ChatRecord["data"]) =>
      emit(type, { conversation: id, ...data });
    try {
      if (!model.ok) return tell("error", said(model.failure));
      const world = loadWorld(this.ports, this.own);
      // What is wrong with a file may be told in the file's own words.
      if (!world.ok) return tell("error", { ...said(world.failure), tainted: true });
      const { messages, tainted } = messagesOf(past);
      const turn = {
        ports: this.ports,
        own: this.own,
        model: model.value,
        world: { ...world.value, unapplied: () => openOffer(this.ports, past) },
        messages,
        signal,
        tainted,
      };
      const end = await converse({ ...turn, emit: tell });
      const { provider, model: name } = model.value;
      const used = {
        provider,
        model: name,
        tainted: end.tainted,
        tokens: { ...end.tokens },
        cost_usd: end.costUsd,
        ...worthTelling(end.refused, end),
      };
      if (end.draft) return await this.offer(end, end.draft, used, caller, tell);
      if (end.failure && end.failure.code !== "chat.failed") {
        tell("actions", { proposal: null, calls: [], failed: said(end.failure) });
        return tell("done", { ...used, proposal: null });
      }
      if (end.failure) return tell("error", { ...said(end.failure), ...used });
      tell("done", { ...used, proposal: null, declined: end.declined });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      // What was read before it broke is not known here, so the worst is taken for true.
      tell("error", { ...said(signal.aborted ? canceled : { code: "internal", problem }), tainted: true });
    }
  }

  /** Shows what was proposed. Without a question it is applied at once: in POWER, if it can be undone and nothing foreign was read. */
  private async offer(
    { tainted }: TurnEnd,
    draft: Draft,
    used: ChatRecord["data"],
    caller: Caller,
    tell: (type: ChatRecord["type"], data: ChatRecord["data"]) => void,
  ): Promise<void> {
    const kept = await keepDraft(this.ports, draft);
    if (!kept.ok) return tell("error", { ...said(kept.failure), ...used });
    const { id } = kept.value;
    tell("actions", { proposal: id, calls: draft.calls as unknown as Json, failed: null });
    const known = this.ports.knownSecrets();
    const unified = await shownUnified(this.own, draft.before, draft.after, known);
    const { base, changes, forecast, unrunnable } = draft;
    const verdict =
      tainted && draft.verdict.ask === 0
        ? { ...draft.verdict, ask: 1 as const, why: "text from elsewhere was read" }
        : draft.verdict;
    const shown = {
      proposal: id,
      base,
      unified,
      changes,
      verdict,
      forecast,
      unrunnable,
      // The digest that a person's yes has to carry: of what was tried, should it have changed since.
      confirm: draft.shown.digest,
    };
    tell("diff", JSON.parse(JSON.stringify(shown)) as ChatRecord["data"]);
    const { confirm } = shown;
    const applied = verdict.ask === 0 ? await this.apply({ proposal: id }, caller, { confirm }) : undefined;
    tell("done", {
      ...used,
      proposal: id,
      applied:
        applied === undefined ? null : applied.ok ? (applied.value.audit ?? true) : said(applied.failure),
    });
  }

  /** The records behind a number, and those that come while the answer is being given here. */
  async *listen(id: string, after: number, signal?: AbortSignal): AsyncGenerator<ChatRecord> {
    const running = this.running.get(id);
    const past = this.recordsOf(id) ?? [];
    let at = after;
    for (const record of past) {
      if (record.n <= at) continue;
      at = record.n;
      yield record;
    }
    if (!running) return void (yield* this.ended(id, past, at));
    for (let next = 0; !signal?.aborted; ) {
      const record = running.records[next];
      if (record) {
        next += 1;
        if (record.n <= at) continue;
        at = record.n;
        yield record;
      } else if (running.over) return;
      else await nextOf(running, signal);
    }
  }

  /** An answer that broke off with the process that gave it is told so, by whoever asks first. */
  private *ended(id: string, past: readonly ChatRecord[], at: number): Generator<ChatRecord> {
    if (!isOpen(past)) return;
    const hold = this.own.store.hold(id);
    if (!hold) return;
    try {
      const last = this.recordsOf(id) ?? [];
      if (!isOpen(last)) return;
      const record = this.record((last.at(-1)?.n ?? 0) + 1, "error", {
        conversation: id,
        ...said(interrupted),
        tainted: true,
      });
      this.own.store.append(id, [record], true);
      if (record.n > at) yield record;
    } finally {
      hold.release();
    }
  }

  /** Ends an answer that is being given here; whether there was one. */
  cancel(id: string): boolean {
    const running = this.running.get(id);
    running?.abort.abort();
    return running !== undefined;
  }

  /** Ends all answers that are being given here, each with a last word in its file: the process is about to end. */
  async close(): Promise<void> {
    const running = [...this.running.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  /** Carries a proposal out, or the wanted part of it. */
  async apply(
    wanted: Wanted,
    caller: Caller,
    options: DispatchOptions,
  ): Promise<Result<Done & { proposal: string }>> {
    const admitted = await this.admit(caller, "proposal.approve");
    return admitted.ok ? applyProposal(this.ports, this.dispatch, wanted, caller, options) : admitted;
  }

  /** What a proposal, or the wanted part of it, would come to now; nothing is written. */
  async preview(wanted: Wanted): Promise<Result<Preview>> {
    return previewProposal(this.ports, this.own, wanted);
  }

  /** Who answers, or why nobody can. */
  async about(): Promise<{
    provider: string | null;
    model: string | null;
    problem: string | null;
    hint: string | null;
  }> {
    const model = await this.own.model();
    if (model.ok)
      return { provider: model.value.provider, model: model.value.model, problem: null, hint: null };
    const { message, hint } = renderFailure(model.failure);
    return { provider: null, model: null, problem: message, hint: hint ?? null };
  }

  /** All conversations, newest first. */
  list(): Conversation[] {
    return this.own.store.list().flatMap((id) => {
      const records = this.recordsOf(id);
      const [first] = records ?? [];
      if (!records || !first) return [];
      const named = records.findLast(({ type }) => type === "renamed" || type === "opened");
      const asked = records.filter(({ type }) => type === "asked").length;
      const last = records.at(-1) ?? first;
      return {
        id,
        title: String(named?.data.title ?? ""),
        opened: first.ts,
        last: last.ts,
        asked,
        answering: this.running.has(id),
      };
    });
  }

  /** Whether there is such a conversation; nothing of it is read. */
  find(id: string): Result<null> {
    return idForm.test(id) && this.own.store.has(id) ? ok(null) : unknown(id);
  }

  /** A conversation, each proposal in it with what became of it. */
  async show(id: string): Promise<Result<{ id: string; records: ChatRecord[]; answering: boolean }>> {
    const records = this.recordsOf(id);
    if (!records) return unknown(id);
    return ok({
      id,
      records: await withFates(this.ports, this.own, records),
      answering: this.running.has(id),
    });
  }

  /** Gives a conversation another title. */
  rename(id: string, title: unknown): Result<{ id: string; title: string }> {
    if (typeof title !== "string" || title.trim() === "" || title.length > 200)
      return err({ code: "input.invalid", problem: "'title' must be a text of 1 to 200 characters" });
    return this.holding(id, (records) => {
      const record = this.record((records.at(-1)?.n ?? 0) + 1, "renamed", { title: title.trim() });
      this.own.store.append(id, [record], true);
      return { id, title: title.trim() };
    });
  }

  /** Removes a conversation for good; its proposals stay. */
  remove(id: string): Result<{ id: string; removed: true }> {
    return this.holding(id, () => {
      this.own.store.remove(id);
      return { id, removed: true };
    });
  }

  private holding<T>(id: string, work: (records: ChatRecord[]) => T): Result<T> {
    if (!this.recordsOf(id)) return unknown(id);
    const hold = this.own.store.hold(id);
    if (!hold) return err({ code: "chat.busy", id });
    try {
      const records = this.recordsOf(id);
      return records ? ok(work(records)) : unknown(id);
    } finally {
      hold.release();
    }
  }

  private recordsOf(id: unknown): ChatRecord[] | undefined {
    return typeof id === "string" && idForm.test(id) ? this.own.store.read(id) : undefined;
  }

  private record(n: number, type: ChatRecord["type"], data: ChatRecord["data"]): ChatRecord {
    const clean = scrubJson(data, this.ports.knownSecrets()) as ChatRecord["data"];
    // A difference holds no secret from the first, and is to be shown line by line as it is.
    if (typeof data.unified === "string") clean.unified = data.unified;
    return { n, ts: new Date(this.ports.now()).toISOString(), type, data: clean };
  }
}

const interrupted: Failure = {
  code: "chat.failed",
  problem: "the answer broke off: the program that gave it has ended",
  hint: "nothing was changed; ask again",
};

/** A refusal as records hold it. */
function said(failure: Failure): { [key: string]: Json } {
  const { message, hint } = renderFailure(failure);
  return { code: failure.code, message, ...(hint === undefined ? {} : { hint }) };
}

function unknown(id: unknown): Result<never> {
  return err({ code: "chat.unknown", id: String(id).slice(0, 100) });
}

function nextOf(running: Running, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      running.wake.delete(wake);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    running.wake.add(wake);
    signal?.addEventListener("abort", wake, { once: true });
  });
}
