import { create } from "zustand";

/** The conversations that changed last, whoever said something in them; another object with each piece of news. */
export const useChatNews = create<{ conversations: readonly string[] }>(() => ({ conversations: [] }));
