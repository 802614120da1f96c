"use client";

import * as Radix from "@radix-ui/react-dropdown-menu";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { lookAt, lookAway, useLook } from "../state/look";
import { sayMoment } from "../state/moment";
import { useSession } from "../state/provider";
import { useLiveStatus, useStatus } from "../state/queries";
import type { RunHead } from "../state/wire";

/** Which run the page shows, and the choice of an earlier one. */
export function RunSelect() {
  const { api } = useSession();
  const [open, setOpen] = useState(false);
  const shown = useStatus((status) => status.run);
  const isOpen = useStatus((status) => status.open);
  const live = useLiveStatus((status) => status.run);
  const isReplay = useLook((look) => look.run !== null);
  const { data, error } = useQuery({
    queryKey: ["runs", live],
    queryFn: api.runs,
    enabled: open,
    retry: false,
  });
  if (!shown) return <span className="shrink-0 text-sm text-faint">no run yet</span>;
  const choose = (run: string) => (run === live ? lookAway() : lookAt(run));
  return (
    <Radix.Root modal={false} open={open} onOpenChange={setOpen}>
      <Radix.Trigger
        className="run-select"
        data-replay={isReplay}
        title={`Run ${shown}, ${isOpen ? "still open" : "closed"}; press to choose another one`}
      >
        <span className="spare">run</span> <span className="font-mono">{shown.slice(-6)}</span>{" "}
        <span className="text-faint spare">{isOpen ? "open" : "closed"}</span>
        <span className="sr-only">; choose a run</span>
        <ChevronDown size={12} aria-hidden="true" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu runs-menu" align="start" sideOffset={6} collisionPadding={8}>
          <Radix.Label className="menu-label">Runs, newest first</Radix.Label>
          {error && <p className="px-2 py-1 text-sm text-failed">{error.message}</p>}
          <Radix.RadioGroup value={shown} onValueChange={choose}>
            {data?.runs.map((head) => (
              <Radix.RadioItem key={head.id} value={head.id} className="menu-item">
                <span className="font-mono">{head.id.slice(-6)}</span>
                <span className="grow text-sm text-muted">{sayRun(head)}</span>
                {head.id === live && <span className="text-xs text-faint">newest</span>}
              </Radix.RadioItem>
            ))}
          </Radix.RadioGroup>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function sayRun(head: RunHead): string {
  return "problem" in head ? head.problem : `${head.state}, ${sayMoment(head.opened_at)}`;
}
