// Deploys a version of a service, watches it, runs a task in its image and takes it away again:
//   DEPLOYSTER_PASSWORD=… node build/sample.js URL SERVICE VERSION COMMAND
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const [baseUrl, service, version, command] = process.argv.slice(2);
if (!baseUrl || !service || !version || !command) {
  console.error("Arguments: URL SERVICE VERSION COMMAND");
  process.exit(2);
}

const login = Buffer.from(`deployster:${process.env["DEPLOYSTER_PASSWORD"]}`).toString("base64");
const deployster = createClient<paths>({ baseUrl, headers: { Authorization: `Basic ${login}` } });

function dataOf<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (!answer.response.ok) {
    console.error(answer.error);
    process.exit(1);
  }
  return answer.data as T;
}

const params = { path: { service } };
const body = { deploy: { version, destroy_previous: true } };
const { timestamp } = dataOf(await deployster.POST("/v1/services/{service}/deploys", { params, body }));

const one = { path: { service, version }, query: { timestamp } };
const events = dataOf(
  await deployster.GET("/v1/services/{service}/deploys/{version}/events", { params: one, parseAs: "stream" }),
);
for await (const line of createInterface(Readable.fromWeb(events!))) {
  if (line.startsWith("data: ")) {
    const happened: components["schemas"]["EventResource"] = JSON.parse(line.slice("data: ".length));
    console.log(`${happened.kind}: ${happened.message}`);
  }
}

const deploy = dataOf(await deployster.GET("/v1/services/{service}/deploys/{version}", { params: one }));
console.log(`status ${deploy.status}`);
if (deploy.status !== "succeeded") process.exit(1);

const run = await deployster.POST("/v1/services/{service}/tasks", {
  params,
  body: { task: { version, command } },
  parseAs: "stream",
});
for await (const part of dataOf(run)!) process.stdout.write(part);
const id = run.response.headers.get("Deployster-Task-Id")!;
const task = dataOf(await deployster.GET("/v1/tasks/{id}", { params: { path: { id } } }));
console.log(`exit code ${task.exit_code}`);

dataOf(await deployster.DELETE("/v1/services/{service}/deploys/{version}", { params: { path: { service, version } } }));
console.log("destroyed");
process.exitCode = task.exit_code ?? 1;
