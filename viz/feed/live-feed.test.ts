import fastifyWebsocket from "@fastify/websocket";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { siteMessage } from "../../fleet-gateway/index.ts";
import { smallSite } from "../small-site.fixture.ts";
import type { FeedListener } from "./feed.ts";
import { liveFeed } from "./live-feed.ts";
import type { LiveFrame } from "./live-messages.ts";

interface Heard {
  readonly lines: string[];
  readonly listener: FeedListener;
  /** Resolves when a line is heard that contains `text`. */
  until(text: string): Promise<void>;
}

function heard(): Heard {
  const lines: string[] = [];
  const waiting: { text: string; done: () => void }[] = [];
  const say = (line: string): void => {
    lines.push(line);
    for (const { text, done } of waiting) if (line.includes(text)) done();
  };
  return {
    lines,
    until: (text) =>
      new Promise((done) => (lines.some((line) => line.includes(text)) ? done() : waiting.push({ text, done }))),
    listener: {
      site: (message, facts) => say(`site ${message.site} ${facts.scenario}`),
      restart: (atMs, ground) => say(`restart ${atMs} ${ground.grants.length}`),
      motion: (messages) => say(`motion ${messages.map(({ topic, tMs }) => `${topic}@${tMs}`).join(" ")}`),
      log: (messages) => say(`log ${messages.map(({ topic, tMs }) => `${topic}@${tMs}`).join(" ")}`),
      status: ({ kind }) => say(`status ${kind}`),
    },
  };
}

const snapshot: readonly LiveFrame[] = [
  { topic: "/run", message: { scenario: "live" } },
  { topic: "/site", message: { ...siteMessage(smallSite, []), t: 100 } },
  {
    topic: "/orders",
    message: { t: 40, order: "1", event: "accepted", vehicle: null, container: "C", place: "", reason: "" },
  },
  { topic: "/vehicles", message: { t: 101, vehicles: [] } },
  { topic: "/live", message: { snapshot: "complete" } },
];

test("a snapshot comes whole, updates follow, and after a broken connection everything starts over", async () => {
  const server = Fastify({ forceCloseConnections: true });
  await server.register(fastifyWebsocket);
  let connections = 0;
  server.get("/live", { websocket: true }, (socket) => {
    connections++;
    for (const frame of snapshot) socket.send(JSON.stringify(frame));
    socket.send(JSON.stringify({ topic: "/vda5050", message: { t: 101, topic: "x", payload: null } }));
    socket.send(JSON.stringify({ topic: "/vehicles", message: { t: 101.5, vehicles: [] } }));
    if (connections === 1) setTimeout(() => socket.terminate(), 20);
  });
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  const { lines, listener, until } = heard();
  const feed = liveFeed(`${address.replace("http", "ws")}/live`);
  try {
    feed.start(listener);
    await until("@101500");
    expect(lines).toEqual([
      "status opening",
      "site small live",
      "restart 101000 0",
      "motion /vehicles@101000",
      "log /orders@40000",
      "status running",
      "motion /vehicles@101500",
    ]);
    expect(feed.span().endMs).toBe(101_500);
    const clockMs = feed.clockMs(performance.now())!;
    expect(clockMs).toBeGreaterThan(100_500);
    expect(clockMs).toBeLessThanOrEqual(101_500);
    expect(feed.clockMs(performance.now() + 60_000)).toBe(101_500);
    await until("status reconnecting");
    lines.length = 0;
    await until("@101500");
    expect(lines.slice(0, 2)).toEqual(["site small live", "restart 101000 0"]);
  } finally {
    feed.close();
    await server.close();
  }
});
