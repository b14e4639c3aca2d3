// What the three pages share: reading and writing JSON, building elements, showing times of Shanghai.
export async function read(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.message || "没有成功");
  return content;
}

export async function send(path, content, method = "POST") {
  const answer = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: method === "DELETE" ? undefined : JSON.stringify(content),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message || "没有成功");
  return told;
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const zone = { timeZone: "Asia/Shanghai" };
const clock = new Intl.DateTimeFormat("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit", hour12: false });
const precise = new Intl.DateTimeFormat("zh-CN", { ...zone, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat("zh-CN", { ...zone, month: "long", day: "numeric", weekday: "short" });
export const hour = (at) => clock.format(new Date(at));
export const moment = (at) => precise.format(new Date(at)).replaceAll("/", "-");
export const date = (at) => day.format(new Date(at));

// Runs at once and then every so often, never two at a time, and not while the page is hidden.
export function repeatedly(work, every) {
  let busy = false;
  const run = async () => {
    if (busy || document.hidden) return;
    busy = true;
    try { await work(); } finally { busy = false; }
  };
  document.addEventListener("visibilitychange", run);
  setInterval(run, every);
  run();
  return run;
}
