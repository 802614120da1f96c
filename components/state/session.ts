const storageKey = "threados.token";
const channelName = "threados.session";
/** How long other tabs are given to hand on their token before the page says that it has none. */
const answerMs = 250;

/** What tabs of one server say to each other. */
type Word = { type: "asked" } | { type: "offered"; token: string };

/** Where the page stands in its search for a token. */
export type Session =
  | { phase: "looking" }
  | { phase: "ready"; token: string }
  | { phase: "missing" }
  | { phase: "expired" };

/** Finds the token (in the link, this tab's storage, another tab) and tells every change until closed. */
export function openSession(tell: (session: Session) => void): {
  expire(token: string): void;
  close(): void;
} {
  let current: Session = { phase: "looking" };
  /** Tokens that the server no longer knows: another tab may not have found out. */
  const refused = new Set<string>();
  const channel = new BroadcastChannel(channelName);
  const become = (next: Session) => {
    current = next;
    tell(next);
  };
  const keep = (token: string) => {
    sessionStorage.setItem(storageKey, token);
    become({ phase: "ready", token });
  };
  const readLink = () => {
    const token = tokenInLink(location.hash);
    if (!token) return false;
    // The token must not stay in the address bar, the history or a bookmark.
    history.replaceState(history.state, "", location.pathname + location.search);
    channel.postMessage({ type: "offered", token } satisfies Word);
    keep(token);
    return true;
  };
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.type === "asked" && current.phase === "ready") {
      channel.postMessage({ type: "offered", token: current.token } satisfies Word);
    } else if (data.type === "offered" && current.phase !== "ready" && !refused.has(data.token))
      keep(data.token);
  };
  window.addEventListener("hashchange", readLink);

  const stored = sessionStorage.getItem(storageKey);
  let timer: number | undefined;
  if (!readLink()) {
    if (stored) become({ phase: "ready", token: stored });
    else {
      channel.postMessage({ type: "asked" } satisfies Word);
      timer = window.setTimeout(() => current.phase === "looking" && become({ phase: "missing" }), answerMs);
    }
  }
  return {
    expire: (token) => {
      refused.add(token);
      // The answer to what was asked with an older one says nothing of this one.
      if (current.phase !== "ready" || current.token !== token) return;
      sessionStorage.removeItem(storageKey);
      become({ phase: "expired" });
      // A tab that was given the new link may have offered it while this one still went by the old one.
      channel.postMessage({ type: "asked" } satisfies Word);
    },
    close: () => {
      window.clearTimeout(timer);
      window.removeEventListener("hashchange", readLink);
      channel.close();
    },
  };
}

/** The token a link's fragment carries. */
export function tokenInLink(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") || null;
}
