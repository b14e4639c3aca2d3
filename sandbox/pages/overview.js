// The overview: each department with its state and switches, the calls received, and the facts of one person.
import { make, moment, read, repeatedly, send } from "/pages/shared.js";

const at = (id) => document.getElementById(id);
const tones = { ok: "ok", slow: "wait", late: "wait", twice: "wait", fail: "bad", garbage: "bad", silent: "bad", denied: "bad" };
const timed = new Set(["slow", "late", "silent"]);
const operations = { query: "查询", send: "发送", verify: "核验", pre_check: "预检", push: "推送", pending: "归集" };
const choices = {
  housing: { none: "无", small_owned: "小户型产权房", shared_owned: "产权房的一半", large_owned: "大户型产权房", public: "公有住房", resettlement: "征收安置住房", transferred: "已转让的产权房", strangers: "混入他人记录" },
  marriage: { single: "未婚", married: "已婚", divorced: "离异", widowed: "丧偶" },
  insurance: { steady: "按月连续", gap: "有断缴", made_up: "有补缴", none: "无" },
};
let modes = {};
const cards = new Map();

function complain(error) {
  at("problem").textContent = error ? error.message : "";
  at("problem").hidden = !error;
}

async function attempt(work) {
  try { await work(); complain(null); } catch (error) { complain(error); }
}

function build(department) {
  const seconds = make("input", { type: "number", min: 0, max: 600, step: 0.5, "aria-label": `${department.title}：秒数`, placeholder: "默认" });
  const times = make("input", { type: "number", min: 1, "aria-label": `${department.title}：次数`, placeholder: "不限" });
  const badge = make("span", { class: "badge" });
  const count = make("span", { class: "count" });
  const buttons = Object.entries(modes).map(([mode, title]) =>
    make("button", {
      type: "button", "data-mode": mode,
      onclick: () => attempt(async () => {
        await send("/control/behaviour", {
          department: department.key, mode,
          seconds: timed.has(mode) && seconds.value !== "" ? Number(seconds.value) : null,
          times: mode !== "ok" && times.value !== "" ? Number(times.value) : null,
        });
        await refresh();
      }),
    }, title));
  const card = make("article", { class: "card department", "data-department": department.key },
    make("header", {}, make("div", {}, make("h3", {}, department.title), make("p", { class: "note" }, department.office)), badge),
    make("div", { class: "modes", role: "group", "aria-label": `${department.title}的状态` }, ...buttons),
    make("footer", {}, "每次", seconds, "秒，持续", times, "次", count));
  cards.set(department.key, { badge, buttons, count });
  at("departments").append(card);
}

function describe({ mode, seconds, times }) {
  const parts = [modes[mode]];
  if (timed.has(mode)) parts.push(`${seconds} 秒`);
  if (times !== null) parts.push(`还有 ${times} 次`);
  return parts.join("，");
}

async function refresh() {
  const [state, { calls }] = await Promise.all([read("/control/state"), read("/control/calls?limit=15")]);
  modes = state.modes;
  const titles = Object.fromEntries(state.departments.map((d) => [d.key, d.title]));
  for (const department of state.departments) {
    if (!cards.has(department.key)) build(department);
    const { badge, buttons, count } = cards.get(department.key);
    badge.className = `badge ${tones[department.behaviour.mode]}`;
    badge.textContent = describe(department.behaviour);
    count.textContent = `收到 ${department.calls} 次`;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.mode === department.behaviour.mode));
  }
  const troubled = state.departments.filter((d) => d.behaviour.mode !== "ok").length;
  at("summary").textContent = troubled ? `${state.departments.length} 个，其中 ${troubled} 个不正常` : `${state.departments.length} 个，全部正常`;
  at("no-calls").hidden = calls.length > 0;
  at("calls").replaceChildren(...calls.map((call) => make("tr", {},
    make("td", {}, moment(call.at)), make("td", {}, titles[call.department] || call.department),
    make("td", {}, operations[call.operation] || call.operation), make("td", { class: "mono" }, call.about || "—"),
    make("td", {}, call.mode ? modes[call.mode] : "—"),
    make("td", {}, make("span", { class: `badge ${call.result === "已应答" ? "ok" : call.result === "重复" ? "idle" : "bad"}` }, call.result)),
    make("td", { class: "mono" }, call.id.slice(0, 18) || "—"))));
}

for (const [name, options] of Object.entries(choices)) {
  at(name).append(...Object.entries(options).map(([value, title]) => make("option", { value }, title)));
}

function show(person) {
  at("facts").hidden = false;
  at("born").textContent = `${person.born_on} 出生${person.name ? `，登记姓名 ${person.name}` : ""}${Object.keys(person.set).length ? "，已改" : ""}`;
  for (const name of Object.keys(choices)) at(name).value = person[name];
  at("saved").textContent = "";
}

const address = () => `/control/people/${encodeURIComponent(at("id-number").value.trim())}`;
let known = {};
at("lookup").addEventListener("submit", (event) => {
  event.preventDefault();
  if (at("id-number").value.trim()) attempt(async () => { const person = await read(address()); known = person.set; show(person); });
});
at("save").addEventListener("click", () => attempt(async () => {
  const facts = { ...known, ...Object.fromEntries(Object.keys(choices).map((name) => [name, at(name).value])) };
  show(await send(address(), facts));
  at("saved").textContent = "已保存";
}));
at("forget").addEventListener("click", () => attempt(async () => {
  show(await send(address(), null, "DELETE"));
  at("saved").textContent = "已恢复";
}));
at("reset").addEventListener("click", () => attempt(async () => { await send("/control/reset", {}); await refresh(); }));
repeatedly(() => attempt(refresh), 2500);
