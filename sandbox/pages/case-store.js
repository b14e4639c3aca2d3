// The case store: what the platform pushed, what waits to be collected, what it shared.
import { make, moment, read, repeatedly } from "/pages/shared.js";

const at = (id) => document.getElementById(id);
const items = { "3399-GZ-01": "公租房资格申请（新办）", "3399-GZ-02": "公租房资格申请（复核）" };
const channels = { one_stop_service: "一网通办", one_stop_app: "一网通办手机端" };
const cell = (text, kind) => make("td", kind ? { class: kind } : {}, text || "—");

function fill(name, rows) {
  at(name).replaceChildren(...rows);
  at(`no-${name}`).hidden = rows.length > 0;
}

repeatedly(async () => {
  const { pushed, pending, shared } = await read("/case-store/received");
  fill("pushed", pushed.map(({ at: when, content: c }) => make("tr", {},
    cell(moment(when)), cell(c.case_number, "mono"), cell(items[c.item_code] || c.item_code), cell(c.applicant),
    make("td", {}, make("span", { class: "badge idle" }, c.state_title)),
    cell([c.reason_type, c.reason, ...(c.materials || [])].filter(Boolean).join("；"), "wrap"))));
  fill("pending", pending.map((c) => make("tr", {},
    cell(c.number, "mono"), cell(items[c.item_code] || c.item_code), cell(channels[c.channel] || c.channel), cell(moment(c.submitted_at)))));
  fill("shared", shared.map(({ at: when, content: c }) => make("tr", {},
    cell(moment(when)), cell(c.kind), cell(JSON.stringify(c.content), "wrap"))));
}, 2500);
