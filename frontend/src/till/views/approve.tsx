/** Beyond a cashier's limit somebody may approve, which only the server can tell: it is loaded then. */
import type { JSX } from "preact";
import type { Problem } from "../model";
import { say } from "../state";
import { _ } from "../texts";
import { useLoaded } from "./parts";

export interface Asking {
  problem: Problem;
  close: () => void;
  approved: (mark: string) => void;
}

export function Approve(asking: Asking): JSX.Element | null {
  const loaded = useLoaded(() => import("./approval"), () => {
    asking.close();
    say(_("This needs the network."), "bad");
  });
  return loaded && <loaded.Approval {...asking} />;
}
