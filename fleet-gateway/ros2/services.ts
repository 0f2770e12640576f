/** ROS to the fleet: services to submit and cancel transport orders, to pause and to resume. */
import type { EngineInput } from "../../engine/index.ts";
import type { ControlPort, Refusal } from "../api/build-api.ts";
import { toNewOrder } from "./mapping/transport-order.ts";
import type { Outcome } from "./messages.ts";
import { SERVICES } from "./names.ts";
import type { RosNode } from "./ros-node.ts";

export interface RosServicesOptions {
  readonly node: RosNode;
  readonly orders: Pick<ControlPort, "submitOrder" | "cancelOrder">;
  /** Gives the engine an input with the next tick; settles after it with why it was refused, or null. */
  readonly submit: (input: EngineInput) => Promise<Refusal | null>;
  /** Calendar time, ms since 1970. */
  readonly calendarMs: () => number;
}

/** Offers the services; each answers after the tick that took the request. */
export function offerServices({ node, orders, submit, calendarMs }: RosServicesOptions): void {
  node.serve(SERVICES.submit, "kalong_msgs/srv/SubmitTransportOrder", async (request) => {
    const wanted = toNewOrder(request, calendarMs());
    if (!wanted.ok) return { success: false, id: request.id, message: wanted.reason };
    const answer = await orders.submitOrder(wanted.order);
    return isRefusal(answer)
      ? { success: false, id: request.id, message: words(answer) }
      : { success: true, id: answer.id, message: "" };
  });
  node.serve(SERVICES.cancel, "kalong_msgs/srv/CancelTransportOrder", async ({ id }) => {
    const answer = await orders.cancelOrder(id);
    return outcome(isRefusal(answer) ? answer : null);
  });
  for (const kind of ["pause", "resume"] as const) {
    node.serve(SERVICES[kind], "kalong_msgs/srv/SelectVehicle", async ({ vehicle }) =>
      outcome(await submit({ kind, vehicle: vehicle === "" ? null : vehicle })),
    );
  }
}

function isRefusal(answer: object): answer is Refusal {
  return "reason" in answer;
}

function outcome(refusal: Refusal | null): Outcome {
  return { success: refusal === null, message: refusal === null ? "" : words(refusal) };
}

function words({ reason, subject }: Refusal): string {
  return subject === "" ? reason : `${reason}: ${subject}`;
}
