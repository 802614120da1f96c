"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type Api, ApiError, type Refusal } from "./api";
import { useSession } from "./provider";
import { useLiveStatus } from "./queries";
import type { AuditProof, StatusDocument } from "./wire";

/** What verifying the record came to: that it holds, or the fault that was found. */
export type Proven = { proof: AuditProof; fault?: never } | { fault: Refusal; proof?: never };

/** Only these say that the record is not what was written; that nobody answered says nothing of it. */
const faults = new Set(["audit.corrupt", "journal.changed"]);

/** Verifies the record once; rejected where it could not be verified. */
export async function prove({ verify }: Pick<Api, "verify">): Promise<Proven> {
  try {
    return { proof: await verify() };
  } catch (error) {
    // Found, not failed: it is known until a verification passes, also while the next one is under way.
    if (error instanceof ApiError && faults.has(error.refusal.code)) return { fault: error.refusal };
    throw error;
  }
}

/** What is known of the record: verified once when the page is opened, and then when somebody asks. */
export function useProof() {
  const { api } = useSession();
  return useQuery({
    queryKey: ["audit-proof"],
    queryFn: () => prove(api),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What of the status tells that the record has to be verified anew once it changes; new entries alone do not. */
export const recordSign = ({ audit }: StatusDocument): string => audit?.problem ?? audit?.unverified ?? "";

/** Verifies the record anew whenever the status tells that it should be; one verification at a time. */
export function useKeptProof() {
  const proof = useProof();
  const sign = useLiveStatus(recordSign);
  const { data, isFetching, refetch } = proof;
  const hasFault = data?.fault !== undefined;
  const last = useRef(sign);
  useEffect(() => {
    if (isFetching || sign === last.current) return;
    last.current = sign;
    // That nothing is wrong any more is news only where something was.
    if (sign || hasFault) void refetch();
  }, [sign, hasFault, isFetching, refetch]);
  return proof;
}
