// A worker as a company would write one: it takes what the test asks of it as one argument of JSON, does the work
// of a topic in the way named by `does`, and tells each event of the client as a line of JSON.

import { BasicAuthInterceptor, Client, Variables } from "camunda-external-task-client-js";

const { url, person, password, token, topic, does, result, pause, code, lock, waits, once, ...options } = JSON.parse(
  process.argv[2],
);

const tell = (event, facts = {}) => console.log(JSON.stringify({ event, at: new Date().toISOString(), ...facts }));
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const told = () => new Promise((resolve) => process.stdin.once("data", resolve)); // a line from the test
const brought = () => new Variables().setAll(result ?? {});

const WAYS = {
  complete: async (task, service) => {
    await sleep(pause ?? 0);
    await service.complete(task, brought());
  },
  fail: (task, service) => {
    const retries = (task.retries ?? 3) - 1;
    return service.handleFailure(task, { errorMessage: "offline", errorDetails: "stack", retries, retryTimeout: 0 });
  },
  refuse: (task, service) => service.handleBpmnError(task, code, "没有了", brought()),
  extend: async (task, service) => {
    await service.extendLock(task, 60_000);
    await told();
    await service.complete(task, brought());
  },
  giveBack: async (task, service) => {
    await service.unlock(task);
    client.stop();
  },
  lockAgain: async (task, service) => {
    await service.unlock(task);
    await service.lock(task, 60_000);
    await service.complete(task, brought());
  },
  hold: () => sleep(600_000),
};

const signed = token
  ? (config) => ({ ...config, headers: { ...config.headers, Authorization: `Bearer ${token}` } })
  : new BasicAuthInterceptor({ username: person, password });
const client = new Client({ ...options, baseUrl: url, interceptors: signed, autoPoll: false });

client.on("poll:start", () => tell("asks"));
client.on("poll:success", (tasks) => {
  if (tasks.length) tell("fetched", { tasks: tasks.map(({ id, processInstanceId }) => ({ id, processInstanceId })) });
  else tell("nothing");
});
client.on("poll:error", (error) => tell("poll:error", { said: error.message }));
client.on("handler:error", (error) => tell("handler:error", { said: error.message }));
for (const verb of ["complete", "handleFailure", "handleBpmnError", "extendLock", "lock", "unlock"]) {
  client.on(`${verb}:success`, ({ id, processInstanceId }) => tell(verb, { id, processInstanceId }));
  client.on(`${verb}:error`, ({ id }, error) =>
    tell(`${verb}:error`, { id, said: error.message, status: error.httpStatusCode }),
  );
}
client.subscribe(topic, lock ? { lockDuration: lock } : {}, async ({ task, taskService }) => {
  tell("handed", { id: task.id, until: task.lockExpirationTime, values: task.variables.getAllTyped() });
  if (once) client.stop(); // no request of its own is left open
  await WAYS[does](task, taskService);
});
if (waits) {
  tell("ready");
  await told();
}
client.start();
