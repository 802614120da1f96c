"use client";

import * as Radix from "@radix-ui/react-dropdown-menu";
import { ChevronDown, MessageSquare, Pencil, Plus, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Dialog } from "../dialog/dialog";
import { FormFoot } from "../parts/form-foot";
import { sayDay } from "../state/moment";
import { ask, tell } from "../state/news";
import { useChatSession, useRefreshAbout, useTalk } from "./state";
import type { Conversation } from "./wire";

/** Which conversation is open; its menu holds the others, and what can be done with this one. */
export function Conversations({ conversations }: { conversations: Conversation[] }) {
  const { api, talk } = useChatSession();
  const id = useTalk((state) => state.id);
  const refresh = useRefreshAbout();
  const [renaming, setRenaming] = useState(false);
  const open = conversations.find((one) => one.id === id);
  const remove = async () => {
    if (!open) return;
    const agreed = await ask({
      summary: `remove the conversation “${open.title}”`,
      times: 1,
      why: "what was said in it can't be brought back; what was applied stays",
      act: "Remove it",
      isGrave: true,
      shows: [],
      confirm: "",
    });
    if (!agreed) return;
    const refusal = await api.manage("rm", open.id);
    if (refusal) return tell("failed", refusal.message, refusal.hint);
    talk.begin();
    refresh();
  };
  return (
    <>
      <Radix.Root modal={false} onOpenChange={(isOpen) => isOpen && refresh()}>
        <Radix.Trigger className="chat-title" title="Conversations">
          <span className="truncate">{open?.title ?? "New conversation"}</span>
          <ChevronDown size={14} aria-hidden="true" />
        </Radix.Trigger>
        <Radix.Portal>
          <Radix.Content className="menu chat-list" align="start" sideOffset={4} collisionPadding={8}>
            <Item icon={Plus} onSelect={() => talk.begin()}>
              New conversation
            </Item>
            {open && (
              <>
                <Item icon={Pencil} onSelect={() => setRenaming(true)}>
                  Rename this one…
                </Item>
                <Item icon={Trash2} danger onSelect={() => void remove()}>
                  Delete this one…
                </Item>
              </>
            )}
            {conversations.length > 0 && <Radix.Separator className="menu-line" />}
            {conversations.map((one) => (
              <Item key={one.id} icon={MessageSquare} onSelect={() => void talk.open(one.id)}>
                <span className="truncate" data-current={one.id === id}>
                  {one.title}
                </span>
                <span className="chat-when">{one.answering ? "answering" : sayDay(one.last)}</span>
              </Item>
            ))}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
      {renaming && open && <Rename conversation={open} onClose={() => setRenaming(false)} />}
    </>
  );
}

function Item(props: {
  icon: typeof Plus;
  danger?: boolean;
  onSelect: () => void;
  children: React.ReactNode;
}) {
  const { icon: Icon, danger, onSelect, children } = props;
  return (
    // What opens a window takes the focus itself, once the menu is gone.
    <Radix.Item className="menu-item" data-danger={danger} onSelect={() => setTimeout(onSelect)}>
      <Icon size={14} aria-hidden="true" />
      {children}
    </Radix.Item>
  );
}

function Rename({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { api } = useChatSession();
  const refresh = useRefreshAbout();
  const [title, setTitle] = useState(conversation.title);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const refusal = await api.manage("rename", conversation.id, title);
    if (refusal) return tell("failed", refusal.message, refusal.hint);
    refresh();
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title="Rename the conversation" className="w-96">
      <form className="form" onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor="chat-title">Title</label>
          <input
            id="chat-title"
            value={title}
            maxLength={200}
            required
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
        <FormFoot submit="Rename" onCancel={onClose} />
      </form>
    </Dialog>
  );
}
