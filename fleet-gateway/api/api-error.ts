import type { ApiErrorBody } from "./schemas.ts";

/** Codes of errors that are not refusals of the engine. */
export type ApiErrorCode =
  | "invalid-request" // the request does not fit the schema; `details` say where
  | "not-json"
  | "too-large"
  | "not-found"
  | "host-not-allowed" // the Host or Origin header names another machine: a page from elsewhere is asking
  | "internal-error";

/** An answer that is an error: the status of HTTP with code, sentence and places. */
export class ApiError extends Error {
  readonly status: number;
  /** One of `ApiErrorCode`, or the engine's reason for a refusal. */
  readonly code: string;
  readonly details: ApiErrorBody["details"];

  constructor(status: number, code: string, message: string, details: ApiErrorBody["details"] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  get body(): ApiErrorBody {
    return { code: this.code, message: this.message, details: this.details };
  }
}

/**
 * The engine's reason against an input as the answer to the request.
 * @param reason  code of the engine's catalogue of refusals
 * @param subject the id that the reason speaks of
 */
export function refusalError(reason: string, subject: string): ApiError {
  const words = reason.replaceAll("-", " ");
  return new ApiError(statusOf(reason), reason, `Refused: ${words} (${subject}).`);
}

/** 404: what the address names is not there. 422: the request names or says what cannot be. 409: not now. */
function statusOf(reason: string): number {
  if (reason === "unknown-order" || reason === "unknown-vehicle") return 404;
  const cannotBe =
    reason.startsWith("unknown-") || ["bad-priority", "due-before-release", "same-station"].includes(reason);
  return cannotBe ? 422 : 409;
}
