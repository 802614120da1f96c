import { createStore, type StoreApi } from "zustand/vanilla";
import { ApiError, type Refusal, readRefusal } from "../state/api";
import type { ChatApi } from "./chat-api";
import { follow, letGo, sleep } from "./follow";
import { caughtUp, type Decision, decidedIn, isOpen, joined, turnsOf } from "./turns";
import type { ChatRecord } from "./wire";

/** How a conversation stands. */
export interface TalkState {
  /** null before the first question of a new one. */
  id: string | null;
  records: ChatRecord[];
  /** A question that the server has not taken yet. */
  sent: string | null;
  phase: "idle" | "loading" | "answering" | "reconnecting";
  problem: Refusal | null;
}

/** What a talk needs of the page. */
export interface TalkOptions {
  api: Pick<ChatApi, "show" | "say" | "resume" | "manage">;
  /** Calls back before the next frame is drawn. */
  nextFrame(callback: () => void): void;
  /** Told of the conversation that is open, so that a reload comes back to it. */
  onOpened(id: string | null): void;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const fresh: TalkState = { id: null, records: [], sent: null, phase: "idle", problem: null };

/** One conversation at a time: what was said, and the answer as it comes. Lost lines are taken up again where they broke. */
export class Talk {
  readonly state: StoreApi<TalkState> = createStore(() => fresh);
  private readonly options: TalkOptions;
  private listening = new AbortController();

  constructor(options: TalkOptions) {
    this.options = options;
  }

  /** Begins a new conversation; it exists once something is said in it. */
  begin(): void {
    this.leave(null);
    this.set({ ...fresh });
  }

  /** Opens a conversation, and goes on listening if its last answer is not over. */
  async open(id: string): Promise<void> {
    const { signal } = this.leave(id);
    this.set({ ...fresh, id, phase: "loading" });
    try {
      const { records } = await this.options.api.show(id);
      if (signal.aborted) return;
      this.set({ records: joined([], records), phase: "idle" });
    } catch (error) {
      if (signal.aborted) return;
      // One that was removed elsewhere is no reason to stand still.
      if (error instanceof ApiError && error.refusal.status === 404) return this.begin();
      const message = error instanceof Error ? error.message : String(error);
      this.set({ phase: "idle", problem: { status: 0, code: "unreachable", message } });
      return;
    }
    await this.goOn(signal);
  }

  /** Listens to the last answer, unless it is over. */
  private async goOn(signal: AbortSignal): Promise<void> {
    const last = turnsOf(this.state.getState().records).at(-1);
    if (last && isOpen(last)) await this.listen(undefined, signal);
  }

  /**
   * Looks whether something was said or decided elsewhere, and listens to an answer that is coming there. While one comes
   * here there is nothing to look for: nobody else can say anything in this conversation. Whether anything was new.
   */
  async look(): Promise<boolean> {
    const { id, phase } = this.state.getState();
    if (id === null || phase !== "idle") return false;
    const { signal } = this.listening;
    try {
      const { records } = await this.options.api.show(id);
      const { phase, records: before } = this.state.getState();
      // Another look was faster, and listens by now to what is newer than this.
      if (signal.aborted || phase !== "idle") return false;
      const now = caughtUp(before, records);
      if (now === before) return false;
      this.set({ records: now });
    } catch (error) {
      // The line that tells whether the server can be reached is another one.
      const isGone = error instanceof ApiError && error.refusal.status === 404;
      if (isGone && !signal.aborted) this.begin();
      return false;
    }
    if (this.state.getState().phase === "idle") await this.goOn(signal);
    return true;
  }

  /** Says something; whether the server took it. */
  async say(text: string): Promise<boolean> {
    const { id, phase } = this.state.getState();
    if (phase !== "idle") return false;
    const { signal } = this.leave(id);
    this.set({ sent: text, phase: "answering", problem: null });
    const response = await this.options.api.say(text, id);
    if (signal.aborted) {
      letGo(response);
      return response?.ok === true;
    }
    const at = /^(.+)\.(\d+)$/.exec(response?.headers.get("x-conversation") ?? "");
    if (!response?.ok || !at) {
      const refusal = response
        ? readRefusal(response.status, await response.text())
        : { status: 0, code: "unreachable", message: "the server can't be reached" };
      this.set({ sent: null, phase: "idle", problem: refusal });
      return false;
    }
    const [, conversation = "", n] = at;
    const asked: ChatRecord = { n: Number(n), ts: "", type: "asked", data: { text } };
    this.options.onOpened(conversation);
    const missed = await this.missedBefore(asked.n, conversation);
    if (signal.aborted) {
      letGo(response);
      return true;
    }
    const records = joined(joined(this.state.getState().records, missed), [asked]);
    this.set({ id: conversation, sent: null, records });
    void this.listen(response, signal);
    return true;
  }

  /** Ends the answer that is being given. */
  async stop(): Promise<void> {
    const { id } = this.state.getState();
    if (id === null) return;
    const refusal = await this.options.api.manage("cancel", id);
    if (refusal) this.set({ problem: refusal });
  }

  /** Notes what became of a proposal. */
  decide(proposal: string, decision: Decision): void {
    this.set({ records: decidedIn(this.state.getState().records, proposal, decision) });
  }

  /** Stops listening; the answer goes on without. */
  close(): void {
    this.listening.abort();
  }

  /** What was said elsewhere between what is known here and a question that was taken behind it. */
  private async missedBefore(n: number, id: string): Promise<ChatRecord[]> {
    const { id: known, records } = this.state.getState();
    const last = records.at(-1)?.n ?? 0;
    if (known === null || n <= last + 1) return [];
    const shown = await this.options.api.show(id).catch(() => undefined);
    return shown?.records.filter((record) => record.n < n) ?? [];
  }

  private leave(id: string | null): AbortController {
    this.listening.abort();
    this.listening = new AbortController();
    this.options.onOpened(id);
    return this.listening;
  }

  private async listen(first: Response | undefined, signal: AbortSignal): Promise<void> {
    const { id, records } = this.state.getState();
    if (id === null) return;
    this.set({ phase: "answering" });
    let waiting: ChatRecord[] = [];
    const show = () => {
      if (signal.aborted || waiting.length === 0) return;
      const come = waiting;
      waiting = [];
      this.set({ records: joined(this.state.getState().records, come) });
    };
    const refusal = await follow({
      first,
      after: records.at(-1)?.n ?? 0,
      resume: (after) => this.options.api.resume(id, after),
      onRecord: (record) => {
        waiting.push(record);
        if (waiting.length === 1) this.options.nextFrame(show);
      },
      onLine: (line) => {
        if (!signal.aborted) this.set({ phase: line === "live" ? "answering" : "reconnecting" });
      },
      signal,
      wait: this.options.wait ?? sleep,
    });
    if (signal.aborted) return;
    show();
    this.set({ phase: "idle", ...(refusal ? { problem: refusal } : {}) });
  }

  private set(state: Partial<TalkState>): void {
    this.state.setState(state);
  }
}
