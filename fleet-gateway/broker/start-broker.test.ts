import { connectAsync } from "mqtt";
import { expect, test } from "vitest";
import { startBroker } from "./start-broker.ts";

test("passes messages on, and is gone after stop", async () => {
  const broker = await startBroker();
  expect(broker.pid).not.toBe(process.pid);
  const client = await connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
  const message = new Promise<string>((resolve) => client.on("message", (_, payload) => resolve(payload.toString())));
  await client.subscribeAsync("a/b");
  client.publish("a/b", "hello");
  expect(await message).toBe("hello");
  const left = new Promise((resolve) => client.once("close", () => resolve("left")));
  const before = performance.now();
  await broker.stop();
  expect(performance.now() - before).toBeLessThan(1000);
  expect(await left).toBe("left");
  expect(() => process.kill(broker.pid, 0)).toThrow(/ESRCH/);
  await client.endAsync(true);
});

test("a taken port is named", async () => {
  const broker = await startBroker();
  await expect(startBroker(broker.port)).rejects.toThrow(`Port ${broker.port} for the MQTT broker is taken.`);
  await broker.stop();
});

test("a message that the broker keeps is not lost when others follow it closely", async () => {
  const broker = await startBroker();
  const listener = await connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
  const sender = await connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
  const heard: string[] = [];
  const all = new Promise((resolve) => {
    listener.on("message", (topic) => {
      heard.push(topic);
      if (heard.length === 40) resolve("all");
    });
  });
  await listener.subscribeAsync("v/+");
  for (let i = 0; i < 20; i++) {
    sender.publish(`v/kept${i}`, "x", { retain: true, qos: i % 2 === 0 ? 0 : 1 });
    sender.publish(`v/plain${i}`, "x");
  }
  await all;
  expect(new Set(heard).size).toBe(40);
  await Promise.all([listener.endAsync(), sender.endAsync()]);
  await broker.stop();
}, 10_000);
