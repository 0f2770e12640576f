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
