// The mailbox: the e-mails of one address, newest first, refreshed by itself.
import { make, moment, read, repeatedly } from "/pages/shared.js";

const at = (id) => document.getElementById(id);
const chosen = (new URLSearchParams(location.search).get("to") || "").trim();
if (chosen) at("owner").textContent = chosen;

async function refresh() {
  const [{ addresses }, { messages }] = await Promise.all([
    read("/mail/messages"),
    chosen ? read(`/mail/messages?to=${encodeURIComponent(chosen)}`) : { messages: [] },
  ]);
  at("none").hidden = addresses.length > 0;
  at("addresses").replaceChildren(...addresses.map((one) => make("li", {},
    make("a", { href: `/mail?to=${encodeURIComponent(one.address)}`, "aria-current": one.address === chosen ? "true" : null }, `${one.address}（${one.count}）`))));
  at("mails").replaceChildren(...messages.map((mail) => make("li", { "data-mail": String(mail.number) },
    make("strong", {}, mail.title), make("p", { class: "note" }, `${mail.sender} · ${moment(mail.at)}`), make("pre", {}, mail.text))));
}

repeatedly(refresh, 2000);
