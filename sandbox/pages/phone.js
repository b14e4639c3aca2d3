// The phone: the messages of one number, newest first, refreshed by itself; codes can be copied with one tap.
import { date, hour, make, read, repeatedly } from "/pages/shared.js";

const at = (id) => document.getElementById(id);
const chosen = (new URLSearchParams(location.search).get("to") || "").trim();
let seen = null;
let drawn = "";
document.body.classList.toggle("chosen", chosen !== "");
at("number").value = chosen;
if (chosen) {
  document.title = `短信 ${chosen}`;
  at("owner").textContent = chosen.replace(/^(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3");
  at("count").textContent = "正在读取";
  at("nothing").hidden = true;
}

// A code is four to eight digits near the word; other numbers (dates, sums, telephones) stay plain.
function code(text) {
  const found = text.match(/验证码\D{0,12}(\d{4,8})(?!\d)/) || text.match(/(?<!\d)(\d{4,8})\D{0,6}验证码/);
  return found ? found[1] : null;
}

async function copy(button, digits) {
  try { await navigator.clipboard.writeText(digits); button.textContent = "已复制"; } catch { button.textContent = `验证码 ${digits}`; }
}

function bubble(message, fresh) {
  const digits = code(message.text);
  const place = digits ? message.text.indexOf(digits) : -1;
  const body = digits
    ? [message.text.slice(0, place), make("b", {}, digits), message.text.slice(place + digits.length)]
    : [message.text];
  return make("li", { class: fresh ? "bubble fresh" : "bubble", "data-message": message.message_id },
    make("div", { class: "from" }, make("span", {}, message.sign), make("time", { datetime: message.at }, hour(message.at))),
    make("div", {}, `【${message.sign}】`, ...body),
    digits ? make("button", { class: "copy", type: "button", onclick: (event) => copy(event.currentTarget, digits) }, "复制验证码") : null);
}

function draw(messages) {
  const latest = JSON.stringify(messages.map((m) => m.message_id));
  if (latest === drawn) return;
  drawn = latest;
  const rows = [];
  let day = "";
  for (const message of messages) {
    if (date(message.at) !== day) { day = date(message.at); rows.push(make("li", { class: "day" }, day)); }
    rows.push(bubble(message, seen !== null && !seen.has(message.message_id)));
  }
  seen = new Set(messages.map((m) => m.message_id));
  at("thread").replaceChildren(...rows);
  at("thread").scrollTop = 0;
}

async function refresh() {
  at("now").textContent = hour(Date.now());
  try {
    const [{ phones }, { messages }] = await Promise.all([
      read("/phone/messages"),
      chosen ? read(`/phone/messages?to=${encodeURIComponent(chosen)}`) : { messages: [] },
    ]);
    at("no-numbers").hidden = phones.length > 0;
    at("numbers").replaceChildren(...phones.map((p) => make("li", {},
      make("a", { href: `/phone?to=${p.phone}`, "aria-current": p.phone === chosen ? "true" : null },
        make("span", { class: "row" }, p.phone, make("time", {}, hour(p.at))), make("span", { class: "last note" }, make("div", { class: "last" }, p.text))))));
    if (chosen) {
      at("count").textContent = `${messages.length} 条短信`;
      at("thread").hidden = messages.length === 0;
      at("nothing").hidden = messages.length > 0;
      at("nothing-title").textContent = "还没有短信";
      at("nothing-text").textContent = "发到这个号码的短信，一两秒内就会出现。";
      draw(messages);
    }
    at("live").hidden = !chosen;
    at("live").className = "live";
    at("live").textContent = "自动刷新";
  } catch {
    at("live").hidden = false;
    at("live").className = "live off";
    at("live").textContent = "连接不上";
  }
}

repeatedly(refresh, 1500);
