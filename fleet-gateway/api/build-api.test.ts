/** The API by injection, on a control system of a few lines; the live feed over a real WebSocket. */
import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, test } from "vitest";
import type { RecordedMessage, SiteMessage, VehicleSample } from "../recording/messages.ts";
import { buildApi, type ControlPort } from "./build-api.ts";
import { LiveFeed } from "./live-feed.ts";
import { type FrameSocket, serveLive } from "./live-socket.ts";
import type { ApiOrder, NewOrder } from "./schemas.ts";

const site: SiteMessage = {
  t: 0,
  site: "small",
  frame: { lat0: 21.5, lon0: 108, bearing: 0, metresPerDegreeLat: 110_000, metresPerDegreeLon: 100_000 },
  geojson: { type: "FeatureCollection", features: [] },
  vehicleTypes: [],
  border: [],
};
const at = "2026-01-01T00:00:00.000Z";

/** Takes every order once; what is called "stuck" cannot be cancelled. */
class SmallControl implements ControlPort {
  readonly all = new Map<string, ApiOrder>();

  /** What the next order is refused for. */
  refuse: { reason: string; subject: string } | null = null;

  async submitOrder(order: NewOrder) {
    if (this.refuse !== null) return this.refuse;
    const id = order.id ?? `T${this.all.size + 1}`;
    if (this.all.has(id)) return { reason: "duplicate-order", subject: id };
    if (order.from === "nowhere") return { reason: "unknown-station", subject: "nowhere" };
    const accepted: ApiOrder = {
      ...{ id, container: order.container, from: order.from, to: order.to, via: order.via, priority: order.priority },
      ...{
        releaseAt: order.releaseAt ?? at,
        dueAt: order.dueAt ?? at,
        phase: "accepted",
        vehicle: null,
        waitingFor: null,
      },
      ...{ acceptedAt: at, pickedUpAt: null, closedAt: null },
    };
    this.all.set(id, accepted);
    return accepted;
  }
  async cancelOrder(id: string) {
    const order = this.all.get(id);
    if (order === undefined) return { reason: "unknown-order", subject: id };
    if (id === "stuck") return { reason: "already-picked-up", subject: id };
    return { ...order, phase: "cancelled" as const };
  }
  async changeOrder(id: string) {
    return this.all.get(id) ?? { reason: "unknown-order", subject: id };
  }
  order(id: string) {
    if (id === "broken") throw new Error("secret inside");
    return this.all.get(id) ?? null;
  }
  orders() {
    return { orders: [...this.all.values()], next: null };
  }
  vehicles() {
    return [];
  }
  kpi(): never {
    throw new Error("not asked here");
  }
  health(): never {
    throw new Error("not asked here");
  }
}

const open: FastifyInstance[] = [];
afterEach(async () => {
  for (const api of open.splice(0)) await api.close();
});

async function build(): Promise<{ api: FastifyInstance; feed: LiveFeed; control: SmallControl }> {
  const control = new SmallControl();
  const feed = new LiveFeed(site, () => ({ scenario: "test" }));
  const api = await buildApi({ control, feed, version: "1.2.3" });
  open.push(api);
  return { api, feed, control };
}

const container = { id: "TCLU1234567", lengthFt: 40, laden: true, reefer: false, commodity: "general", massKg: 20_000 };
const order = { id: "A1", container, from: "crane-vn", to: "crane-cn" };
const local = { host: "127.0.0.1:4700" };

async function ask(api: FastifyInstance, method: "GET" | "POST" | "DELETE" | "PATCH", url: string, payload?: object) {
  const response = await api.inject({ method, url, headers: local, ...(payload === undefined ? {} : { payload }) });
  return { status: response.statusCode, body: response.json() as Record<string, unknown>, headers: response.headers };
}

describe("transport orders", () => {
  test("are handed in, listed, read and cancelled", async () => {
    const { api } = await build();
    const created = await ask(api, "POST", "/api/v1/orders", order);
    expect([created.status, created.headers.location]).toEqual([201, "/api/v1/orders/A1"]);
    expect(created.body).toMatchObject({ id: "A1", priority: 5, via: [], phase: "accepted" });
    expect((await ask(api, "GET", "/api/v1/orders")).body).toMatchObject({ orders: [{ id: "A1" }], next: null });
    expect((await ask(api, "GET", "/api/v1/orders/A1")).body).toEqual(created.body);
    const cancelled = await ask(api, "DELETE", "/api/v1/orders/A1");
    expect([cancelled.status, cancelled.body.phase]).toEqual([200, "cancelled"]);
  });

  test.each([
    ["a second time", "POST", "/api/v1/orders", order, 409, "duplicate-order"],
    [
      "from a station that is not there",
      "POST",
      "/api/v1/orders",
      { ...order, id: "A2", from: "nowhere" },
      422,
      "unknown-station",
    ],
    ["unknown", "GET", "/api/v1/orders/A9", undefined, 404, "unknown-order"],
    ["cancel of an unknown one", "DELETE", "/api/v1/orders/A9", undefined, 404, "unknown-order"],
    ["change of nothing", "PATCH", "/api/v1/orders/A1", {}, 400, "invalid-request"],
    ["a vehicle that is not there", "GET", "/api/v1/vehicles/V9", undefined, 404, "unknown-vehicle"],
    ["no such address", "GET", "/api/v1/nothing", undefined, 404, "not-found"],
  ] as const)("refused: %s", async (_, method, url, payload, status, code) => {
    const { api } = await build();
    await ask(api, "POST", "/api/v1/orders", order);
    const answer = await ask(api, method, url, payload);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(Object.keys(answer.body).sort()).toEqual(["code", "details", "message"]);
  });

  test("every reason of the engine has its code and status, as docs/api.md lists them", async () => {
    const page = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| ([\d, ]+) \| (.+) \|$/gm)];
    const told = rows.flatMap(([, statuses, codes]) =>
      [...codes!.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(
        ([, code]) => [code!, statuses!.split(", ").map(Number)] as const,
      ),
    );
    const own = ["invalid-request", "not-json", "host-not-allowed", "not-found", "too-large", "internal-error"];
    const reasons = told.filter(([code]) => !own.includes(code));
    expect(reasons.map(([code]) => code).sort()).toEqual([
      ...["already-picked-up", "bad-priority", "container-elsewhere", "container-in-use", "due-before-release"],
      ...["duplicate-order", "order-book-full", "order-closed", "same-station", "unknown-order", "unknown-station"],
      "unknown-vehicle",
    ]);
    const { api, control } = await build();
    for (const [reason, statuses] of reasons) {
      control.refuse = { reason, subject: "S1" };
      const answer = await ask(api, "POST", "/api/v1/orders", order);
      expect([answer.status, answer.body.code]).toEqual([statuses[0], reason]);
      expect(answer.body.message).toContain("S1");
    }
  });

  test("a container on a vehicle cannot be cancelled away", async () => {
    const { api } = await build();
    await ask(api, "POST", "/api/v1/orders", { ...order, id: "stuck" });
    expect(await ask(api, "DELETE", "/api/v1/orders/stuck")).toMatchObject({
      status: 409,
      body: { code: "already-picked-up" },
    });
  });

  test("every place that does not fit is named, and nothing is taken", async () => {
    const { api, control } = await build();
    const wrong = {
      ...order,
      container: { ...container, lengthFt: 30 },
      priority: 12,
      colour: "red",
      dueAt: "tomorrow",
    };
    const answer = await ask(api, "POST", "/api/v1/orders", wrong);
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid-request" } });
    const paths = (answer.body.details as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["body.container.lengthFt", "body.priority", "body.dueAt", "body"]));
    expect(control.all.size).toBe(0);
  });

  test.each([
    ["no JSON", "{", "application/json", 400, "not-json"],
    ["another content type", "id=A1", "text/plain", 415, "not-json"],
    ["too much", JSON.stringify({ ...order, from: "x".repeat(1_100_000) }), "application/json", 413, "too-large"],
  ])("a body that is %s", async (_, payload, type, status, code) => {
    const { api } = await build();
    const response = await api.inject({
      method: "POST",
      url: "/api/v1/orders",
      headers: { ...local, "content-type": type },
      payload,
    });
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
  });

  test("an error inside is told without its inside", async () => {
    const { api } = await build();
    const answer = await ask(api, "GET", "/api/v1/orders/broken");
    expect(answer).toMatchObject({ status: 500, body: { code: "internal-error" } });
    expect(JSON.stringify(answer.body)).not.toContain("secret");
  });
});

test.each([
  ["another host name", { host: "evil.example:4700" }],
  ["a page from elsewhere", { host: "127.0.0.1:4700", origin: "https://evil.example" }],
  ["a page of another port", { host: "127.0.0.1:4700", origin: "http://127.0.0.1:9999" }],
])("%s is not answered", async (_, headers) => {
  const { api } = await build();
  const response = await api.inject({ method: "GET", url: "/api/v1/site", headers });
  expect([response.statusCode, response.json().code]).toEqual([403, "host-not-allowed"]);
});

test("the page of the API shows every route with its schemas", async () => {
  const { api } = await build();
  const { body } = await ask(api, "GET", "/docs/json");
  const paths = body.paths as Record<string, Record<string, { requestBody?: unknown; responses: object }>>;
  expect(Object.keys(paths).sort()).toEqual([
    "/api/v1/health",
    "/api/v1/kpi",
    "/api/v1/orders",
    "/api/v1/orders/{id}",
    "/api/v1/site",
    "/api/v1/vehicles",
    "/api/v1/vehicles/{id}",
  ]);
  expect(JSON.stringify(paths["/api/v1/orders"]!.post!.requestBody)).toContain("lengthFt");
  expect(body.info).toMatchObject({ version: "1.2.3" });
  const page = await api.inject({ url: "/docs", headers: local });
  expect(page.statusCode).toBe(200);
});

function sample(id: string, x: number): VehicleSample {
  return {
    ...{ id, type: "igv", x, y: 0, theta: 0, v: 0, a: 0, lane: "L", s: x, laden: false, containers: [], soc: 1 },
    ...{ state: "idle", node: "", order: "", waitingFor: [] },
  };
}
const orderEvent = (t: number, id: string, event: "accepted" | "delivered"): RecordedMessage => ({
  topic: "/orders",
  message: { t, order: id, event, vehicle: null, container: "C", place: "", reason: "" },
});
const ground = (t: number, fromM: number, event: "granted" | "cleared"): RecordedMessage => ({
  topic: "/reservations",
  message: { t, vehicle: "V1", resource: "L", kind: "lane", side: "", fromM, toM: fromM + 10, event, seq: 0 },
});

describe("live", () => {
  test("a snapshot tells what holds now, in the order that the viewer expects", () => {
    const feed = new LiveFeed(site, () => ({ scenario: "test" }));
    const messages: RecordedMessage[] = [
      orderEvent(1, "old", "accepted"),
      orderEvent(2, "old", "delivered"),
      orderEvent(3, "open", "accepted"),
      ground(4, 0, "granted"),
      ground(5, 5, "granted"),
      { topic: "/vehicles", message: { t: 6, vehicles: [sample("V1", 1), sample("V2", 2)] } },
      { topic: "/vehicles", message: { t: 100_000, vehicles: [sample("V1", 3)] } },
    ];
    for (const message of messages) feed.publish(message);
    const frames = feed.snapshot().map((text) => JSON.parse(text));
    expect(frames.map((frame) => frame.topic)).toEqual([
      "/run",
      "/site",
      "/orders",
      "/reservations",
      "/vehicles",
      "/live",
    ]);
    expect(frames[1].message).toMatchObject({ t: 100_000, site: "small" });
    expect(frames[2].message).toMatchObject({ order: "open" });
    expect(frames[3].message).toMatchObject({ t: 100_000, fromM: 5, event: "granted" });
    expect(frames[4].message.vehicles.map(({ id, x }: VehicleSample) => [id, x])).toEqual([
      ["V1", 3],
      ["V2", 2],
    ]);
    feed.publish(ground(100_001, 5, "cleared"));
    expect(feed.snapshot().some((text) => text.includes("/reservations"))).toBe(false);
  });

  test("a viewer that is too slow is left out, and begins with a snapshot when it has caught up", () => {
    const feed = new LiveFeed(site, () => ({}));
    const sent: string[] = [];
    let buffered = 0;
    let close = (): void => {};
    const socket: FrameSocket = {
      get bufferedAmount() {
        return buffered;
      },
      send: (text) => void sent.push(JSON.parse(text).topic),
      on: (event, listener) => {
        if (event === "close") close = listener;
      },
    };
    serveLive(socket, feed);
    const snapshotLength = sent.length;
    feed.publish(orderEvent(1, "a", "accepted"));
    expect(sent.slice(snapshotLength)).toEqual(["/orders"]);
    buffered = 2_000_000;
    feed.publish(orderEvent(2, "b", "accepted"));
    buffered = 500_000;
    feed.publish(orderEvent(3, "c", "accepted"));
    expect(sent).toHaveLength(snapshotLength + 1);
    buffered = 0;
    feed.publish(orderEvent(4, "d", "accepted"));
    // The snapshot holds all four, the last among them: nothing is lost and nothing comes twice.
    expect(sent.slice(snapshotLength + 1)).toEqual([
      "/run",
      "/site",
      "/orders",
      "/orders",
      "/orders",
      "/orders",
      "/vehicles",
      "/live",
    ]);
    feed.publish(orderEvent(5, "e", "accepted"));
    expect(sent.at(-1)).toBe("/orders");
    close();
    expect(feed.listeners).toBe(0);
  });

  test("goes over a WebSocket: the snapshot, then what happens", async () => {
    const { api, feed } = await build();
    const address = await api.listen({ host: "127.0.0.1", port: 0 });
    const socket = new WebSocket(`${address.replace("http", "ws")}/live`);
    const topics: string[] = [];
    const heard = new Promise<void>((resolve) => {
      socket.onmessage = ({ data }) => {
        const { topic } = JSON.parse(String(data)) as { topic: string };
        topics.push(topic);
        if (topic === "/live") feed.publish(orderEvent(1, "a", "accepted"));
        if (topic === "/orders") resolve();
      };
    });
    await heard;
    expect(topics).toEqual(["/run", "/site", "/vehicles", "/live", "/orders"]);
    const before = performance.now();
    await api.close();
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test("is not given to a page from elsewhere", async () => {
    const { api } = await build();
    const response = await api.inject({ url: "/live", headers: { ...local, origin: "https://evil.example" } });
    expect(response.statusCode).toBe(403);
  });
});
