import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import websocket from "@fastify/websocket";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { z } from "zod";
import { siteMessageSchema } from "../recording/messages.ts";
import { ApiError, refusalError } from "./api-error.ts";
import type { LiveFeed } from "./live-feed.ts";
import { serveLive } from "./live-socket.ts";
import {
  type ApiHealth,
  type ApiKpi,
  type ApiOrder,
  type ApiVehicle,
  errorSchema,
  healthSchema,
  kpiSchema,
  type NewOrder,
  newOrderSchema,
  type OrderChange,
  type OrderList,
  type OrderQuery,
  orderChangeSchema,
  orderListSchema,
  orderQuerySchema,
  orderSchema,
  vehicleListSchema,
  vehicleSchema,
} from "./schemas.ts";

export interface Refusal {
  /** Code of the engine's catalogue of refusals. */
  readonly reason: string;
  /** The id that the reason speaks of. */
  readonly subject: string;
}

/** The control system as the API sees it. What changes something enters with the next tick and answers after it. */
export interface ControlPort {
  submitOrder(order: NewOrder): Promise<ApiOrder | Refusal>;
  cancelOrder(id: string): Promise<ApiOrder | Refusal>;
  changeOrder(id: string, change: OrderChange): Promise<ApiOrder | Refusal>;
  order(id: string): ApiOrder | null;
  orders(query: OrderQuery): OrderList;
  vehicles(): readonly ApiVehicle[];
  kpi(): ApiKpi;
  health(): Omit<ApiHealth, "viewers">;
}

export interface ApiOptions {
  readonly control: ControlPort;
  readonly feed: LiveFeed;
  readonly version: string;
}

const BODY_BYTES_MAX = 1024 * 1024;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const PREFIX = "/api/v1";

const idParams = z.object({ id: z.string() });
const anyError = errorSchema;

/** The API, apart from listening: routes may still be added. Addresses under /api/v1, the live feed at /live, the page at /docs. */
export async function buildApi({ control, feed, version }: ApiOptions): Promise<FastifyInstance> {
  const api = Fastify({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: true, exposeHeadRoutes: false });
  api.setValidatorCompiler(() => () => true); // the routes parse with the zod definitions themselves
  api.setSerializerCompiler(() => (value) => JSON.stringify(value));
  // A page from elsewhere may send plain text without asking first; JSON it may not.
  api.removeContentTypeParser("text/plain");
  api.addHook("onRequest", async (request) => refuseForeignPages(request));
  api.setErrorHandler((error: FastifyError | ApiError, _request, reply) => answerError(error, reply));
  api.setNotFoundHandler((request, reply) =>
    answerError(new ApiError(404, "not-found", `There is no ${request.method} ${request.url}.`), reply),
  );
  await api.register(websocket, { options: { maxPayload: 1024 } });
  await api.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Kalong",
        version,
        description:
          "Transport orders, vehicles and figures of a running control system. Lengths in metres, angles in radians, times in ISO 8601. Live messages: WebSocket /live.",
      },
    },
  });
  await api.register(swaggerUi, { routePrefix: "/docs" });

  api.get("/live", { websocket: true, schema: { hide: true } }, (socket) => serveLive(socket, feed));

  await api.register(
    async (routes) => {
      addOrderRoutes(routes, control);
      addReadRoutes(routes, control, feed);
    },
    { prefix: PREFIX },
  );
  return api;
}

function addOrderRoutes(routes: FastifyInstance, control: ControlPort): void {
  const tags = ["transport orders"];
  routes.post(
    "/orders",
    {
      schema: {
        tags,
        summary: "Hand in a transport order",
        body: jsonSchema(newOrderSchema, "input"),
        response: { 201: jsonSchema(orderSchema), "4xx": jsonSchema(anyError) },
      },
    },
    async (request, reply) => {
      const order = accepted(await control.submitOrder(parse(newOrderSchema, request.body, "body")));
      return reply
        .code(201)
        .header("location", `${PREFIX}/orders/${encodeURIComponent(order.id)}`)
        .send(order);
    },
  );
  routes.get(
    "/orders",
    {
      schema: {
        tags,
        summary: "Open, closed or all transport orders, page by page",
        querystring: jsonSchema(orderQuerySchema, "input"),
        response: { 200: jsonSchema(orderListSchema), "4xx": jsonSchema(anyError) },
      },
    },
    async (request) => control.orders(parse(orderQuerySchema, request.query, "query")),
  );
  routes.get(
    "/orders/:id",
    {
      schema: {
        tags,
        summary: "One transport order",
        params: jsonSchema(idParams),
        response: { 200: jsonSchema(orderSchema), "4xx": jsonSchema(anyError) },
      },
    },
    async (request) => {
      const { id } = parse(idParams, request.params, "path");
      const order = control.order(id);
      if (order === null) throw refusalError("unknown-order", id);
      return order;
    },
  );
  routes.patch(
    "/orders/:id",
    {
      schema: {
        tags,
        summary: "Change priority or destination of an open transport order",
        params: jsonSchema(idParams),
        body: jsonSchema(orderChangeSchema, "input"),
        response: { 200: jsonSchema(orderSchema), "4xx": jsonSchema(anyError) },
      },
    },
    async (request) => {
      const { id } = parse(idParams, request.params, "path");
      return accepted(await control.changeOrder(id, parse(orderChangeSchema, request.body, "body")));
    },
  );
  routes.delete(
    "/orders/:id",
    {
      schema: {
        tags,
        summary: "Cancel a transport order whose container is not on a vehicle yet",
        params: jsonSchema(idParams),
        response: { 200: jsonSchema(orderSchema), "4xx": jsonSchema(anyError) },
      },
    },
    async (request) => accepted(await control.cancelOrder(parse(idParams, request.params, "path").id)),
  );
}

function addReadRoutes(routes: FastifyInstance, control: ControlPort, feed: LiveFeed): void {
  routes.get(
    "/vehicles",
    {
      schema: { tags: ["vehicles"], summary: "The listed vehicles", response: { 200: jsonSchema(vehicleListSchema) } },
    },
    async () => ({ vehicles: control.vehicles() }),
  );
  routes.get(
    "/vehicles/:id",
    {
      schema: {
        tags: ["vehicles"],
        summary: "One vehicle",
        params: jsonSchema(idParams),
        response: { 200: jsonSchema(vehicleSchema), "4xx": jsonSchema(anyError) },
      },
    },
    async (request) => {
      const { id } = parse(idParams, request.params, "path");
      const vehicle = control.vehicles().find((candidate) => candidate.id === id);
      if (vehicle === undefined) throw refusalError("unknown-vehicle", id);
      return vehicle;
    },
  );
  const tags = ["system"];
  routes.get(
    "/kpi",
    { schema: { tags, summary: "Figures since the start", response: { 200: jsonSchema(kpiSchema) } } },
    async () => control.kpi(),
  );
  routes.get(
    "/health",
    { schema: { tags, summary: "How the control system does", response: { 200: jsonSchema(healthSchema) } } },
    async () => ({ ...control.health(), viewers: feed.listeners }),
  );
  routes.get(
    "/site",
    { schema: { tags, summary: "The site as GeoJSON", response: { 200: jsonSchema(siteMessageSchema) } } },
    async () => feed.site,
  );
}

function accepted(result: ApiOrder | Refusal): ApiOrder {
  if ("reason" in result) throw refusalError(result.reason, result.subject);
  return result;
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const details = result.error.issues.map((issue) => ({
    path: [where, ...issue.path].join("."),
    message: issue.message,
  }));
  throw new ApiError(
    400,
    "invalid-request",
    `The request does not fit: ${details[0]!.path}: ${details[0]!.message}.`,
    details,
  );
}

function jsonSchema(schema: z.ZodType, io: "input" | "output" = "output"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", io });
  return rest;
}

/**
 * The API is for this machine until access control exists. A browser on this machine could be made to ask it by a page
 * from elsewhere: such a request names that page as its origin, or, by a name that leads here, as its host.
 */
function refuseForeignPages(request: FastifyRequest): void {
  const { host, origin } = request.headers;
  const ownOrigin = origin === undefined || origin === `http://${host}`;
  if (host !== undefined && LOOPBACK.test(host) && ownOrigin) return;
  throw new ApiError(
    403,
    "host-not-allowed",
    "This control system answers pages and programs of its own machine only.",
  );
}

function answerError(error: FastifyError | ApiError, reply: FastifyReply): FastifyReply {
  const answer = error instanceof ApiError ? error : translated(error);
  return reply.code(answer.status).type("application/json").send(answer.body);
}

/** What fastify itself refuses, in our codes. What nobody foresaw is told without its inside. */
function translated(error: FastifyError): ApiError {
  const status = error.statusCode ?? 500;
  if (status === 413) return new ApiError(413, "too-large", `The request is larger than ${BODY_BYTES_MAX} bytes.`);
  if (status >= 500) return new ApiError(500, "internal-error", "The control system could not answer.");
  if (status === 415 || error.code?.includes("JSON") === true || error instanceof SyntaxError) {
    return new ApiError(status, "not-json", "The body must be JSON with content type application/json.");
  }
  return new ApiError(status, "invalid-request", error.message);
}
