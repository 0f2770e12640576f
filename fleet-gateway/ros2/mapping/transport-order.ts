import { type NewOrder, newOrderSchema } from "../../api/schemas.ts";
import type { SubmitTransportOrderRequest } from "../messages.ts";

/**
 * A service request as the API's new order, so that both ways in keep the same rules.
 * @param nowMs calendar time now, ms since 1970
 */
export function toNewOrder(
  request: SubmitTransportOrderRequest,
  nowMs: number,
): { readonly ok: true; readonly order: NewOrder } | { readonly ok: false; readonly reason: string } {
  const { via_roles: roles, via_sides: sides, release_in_s: releaseInS, due_in_s: dueInS } = request;
  if (roles.length !== sides.length) {
    return { ok: false, reason: `via_roles has ${roles.length} entries and via_sides ${sides.length}` };
  }
  if (!(releaseInS >= 0) || !(dueInS >= 0) || !Number.isFinite(releaseInS + dueInS)) {
    return { ok: false, reason: "release_in_s and due_in_s: expected seconds from now, 0 or more" };
  }
  const at = (inS: number): string => new Date(nowMs + inS * 1000).toISOString();
  const parsed = newOrderSchema.safeParse({
    ...(request.id === "" ? {} : { id: request.id }),
    container: {
      id: request.container,
      lengthFt: request.length_ft,
      laden: request.laden,
      reefer: request.reefer,
      commodity: request.commodity,
      massKg: request.mass_kg,
    },
    from: request.from_station,
    to: request.to_station,
    via: roles.map((role, i) => ({ role, side: sides[i] })),
    // Left out they mean now, and an hour after the release.
    ...(releaseInS === 0 ? {} : { releaseAt: at(releaseInS) }),
    ...(dueInS === 0 ? {} : { dueAt: at(dueInS) }),
    priority: request.priority,
  });
  if (parsed.success) return { ok: true, order: parsed.data };
  const issues = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join(".") || "request"}: ${issue.message}`);
  return { ok: false, reason: issues.join("; ") };
}
