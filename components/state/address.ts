"use client";

import { useEffect } from "react";
import { dockFromAddress } from "./dock";
import { lookFromAddress } from "./look";
import { selectFromAddress } from "./view";

/** Shows what the address names: when the page opens, and when somebody goes back or on in the browser's history. */
export function useAddress(): void {
  useEffect(() => {
    const follow = () => {
      selectFromAddress();
      lookFromAddress();
    };
    follow();
    const forgetDock = dockFromAddress();
    window.addEventListener("popstate", follow);
    return () => {
      window.removeEventListener("popstate", follow);
      forgetDock();
    };
  }, []);
}
