// The office system: tasks laid out for the platform to fetch, and the to-dos it was told of.
import { make, moment, read, repeatedly, send } from "/pages/shared.js";

const at = (id) => document.getElementById(id);

async function refresh() {
  const { offered, received } = await read("/control/tasks");
  at("offered").replaceChildren(...offered.map((task) => make("li", {}, `${task.name} → ${task.assignee}`)));
  at("received").replaceChildren(...received.map(({ content, at: when }) => make("li", {},
    `${moment(when)} ${content.state === "waiting" ? "待办" : "已办"}：${content.name}（${content.source}，截止 ${content.due_on || "不限"}）`)));
}

at("offer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = Object.fromEntries(new FormData(event.target));
  if (!form.due_on) delete form.due_on;
  try {
    await send("/control/tasks", { ...form, key: `OA-${Date.now()}` });
    at("told").textContent = "已放出，平台一分钟内取走。";
    event.target.reset();
  } catch (error) {
    at("told").textContent = error.message;
  }
  await refresh();
});

repeatedly(refresh, 2000);
