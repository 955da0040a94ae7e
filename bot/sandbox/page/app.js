// The page: keeps a copy of the state, follows the live stream, draws the phone and the desk.
import { avatar, el, post } from "./dom.js";
import { ChatView } from "./chat.js";
import { openMenu } from "./menu.js";
import { summary } from "./message.js";
import { captions, switchLanguage, word } from "./words.js";

const byId = (id) => document.getElementById(id);
const state = { bot: {}, people: [], groups: [], chats: {} };
const pick = { person: null, operator: null, group: null, thread: 0 };
const typing = new Map();
const unread = new Map();
const waiting = new Map();
const answered = new Set();

const phone = new ChatView({ root: byId("phone-chat"), name: "phone", showNames: false, refresh: draw, onImage, onError, onTap,
  onAct: () => clearAnswers(sideOf(false)), onTyping: askInline }, () => (pick.person ? { person: pick.person, chat: pick.person } : null));
const desk = new ChatView({ root: byId("desk-chat"), name: "desk", showNames: true, refresh: draw, onImage, onError, onTap,
  onAct: () => clearAnswers(sideOf(true)) },
  () => (pick.group && pick.operator && pick.thread !== null ? { person: pick.operator, chat: pick.group, thread: pick.thread || null } : null));

// ---- state and live stream -------------------------------------------------------------------------------------

let loads = 0;
let meanwhile = []; // what happened while the state was on its way, so that an older state does not undo it

async function load() {
  loads += 1;
  try {
    Object.assign(state, await (await fetch("/__state")).json());
    meanwhile.forEach(apply);
  } finally {
    loads -= 1;
    if (!loads) meanwhile = [];
  }
  const people = phonePeople();
  if (!people.some((one) => one.id === pick.person)) pick.person = people[0]?.id ?? null;
  if (!state.groups.some((one) => one.id === pick.group)) pick.group = (state.groups.find((one) => one.is_forum) ?? state.groups[0])?.id ?? null;
  const operators = deskPeople();
  if (!operators.some((one) => one.id === pick.operator)) pick.operator = operators[0]?.id ?? null;
  if (pick.thread && !group()?.topics.some((one) => one.id === pick.thread)) pick.thread = 0;
  draw();
}

let reload = null;
const loadSoon = () => { clearTimeout(reload); reload = setTimeout(load, 60); };

function live() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/__live`);
  socket.onopen = () => { byId("live").dataset.on = "1"; load(); };
  socket.onmessage = (message) => happened(JSON.parse(message.data));
  socket.onclose = () => { byId("live").dataset.on = ""; captionsNow(); setTimeout(live, 1000); };
}

function happened(event) {
  if (loads) meanwhile.push(event);
  const known = apply(event);
  if (event.kind === "message" && state.chats[event.chat]) {
    typing.delete(event.chat);
    markUnread(event.message);
  } else if (event.kind === "typing") startTyping(event);
  else if (event.kind === "toast") showAnswer(event);
  else if (event.kind === "inline") showResults(event);
  else if (!known) loadSoon();
  drawSoon();
}

// Bring a chat up to date; return whether this kind of event does so. Twice is as good as once.
function apply(event) {
  const chat = state.chats[event.chat];
  if (!chat) return false;
  const index = chat.messages.findIndex((one) => one.message_id === (event.message?.message_id ?? event.message_id));
  if (event.kind === "message") {
    if (index < 0) chat.messages.push(event.message);
    if (chat.messages.length > 600) chat.messages.splice(0, 200);
  } else if (event.kind === "edit" || event.kind === "reaction") {
    if (index >= 0) chat.messages[index] = { ...event.message, seq: `${event.message.seq}${event.kind}${JSON.stringify(event.message.reactions)}` };
  } else if (event.kind === "delete") {
    if (index >= 0) chat.messages[index] = { ...chat.messages[index], deleted: true };
  } else if (event.kind === "keyboard") chat.keyboard = event.keyboard;
  else return false;
  return true;
}

function startTyping(event) {
  const key = event.thread ? `${event.chat}/${event.thread}` : event.chat;
  typing.set(key, Date.now() + 5000);
  setTimeout(drawSoon, 5100);
}

const isTyping = (key) => (typing.get(key) ?? 0) > Date.now();

function markUnread(body) {
  const shown = body.chat.id === pick.group ? (body.message_thread_id ?? 0) === pick.thread && visible("desk") : body.chat.id === pick.person && visible("phone");
  if (shown || body.from?.id === pick.operator || body.from?.id === body.chat.id) return;
  const thread = body.message_thread_id ?? (body.forum_topic_created ? body.message_id : 0);
  const key = body.chat.id === pick.group ? `t${thread}` : `p${body.chat.id}`;
  unread.set(key, (unread.get(key) ?? 0) + 1);
}

const visible = (tab) => matchMedia("(min-width: 900px)").matches || document.body.dataset.tab === tab;

// ---- who is where ----------------------------------------------------------------------------------------------

const group = () => state.groups.find((one) => one.id === pick.group);
const person = () => state.people.find((one) => one.id === pick.person);
const phonePeople = () => {
  const outside = state.people.filter((one) => !one.groups.length);
  return outside.length ? outside : state.people;
};
const deskPeople = () => state.people.filter((one) => one.groups.includes(pick.group));

function choosePerson(id) {
  pick.person = id;
  clearAnswers(byId("phone-chat").parentElement);
  unread.delete(`p${id}`);
  draw();
}

function chooseThread(id) {
  pick.thread = id;
  clearAnswers(byId("desk-chat"));
  unread.delete(`t${id}`);
  byId("desk-chat").parentElement.dataset.open = "1";
  draw();
}

// ---- drawing ---------------------------------------------------------------------------------------------------

let frame = 0;
function drawSoon() {
  if (!frame) frame = requestAnimationFrame(() => { frame = 0; draw(); });
}

function draw() {
  captionsNow();
  drawPeople();
  drawPhone();
  drawOperators();
  drawTopics();
  drawDesk();
}

function captionsNow() {
  captions();
  const node = byId("live");
  node.textContent = node.dataset.on ? word("live") : word("lost");
}

const badge = (key) => (unread.get(key) ? el("i", { class: "badge" }, String(unread.get(key))) : null);

function drawPeople() {
  byId("people").replaceChildren(...phonePeople().map((one) => el("button", { role: "tab", type: "button", "aria-selected": String(one.id === pick.person),
    "data-testid": `person-${one.id}`, "data-name": one.first_name, onclick: () => choosePerson(one.id) },
    avatar(one.first_name, one.id, one.blocked ? "small off" : "small"), el("span", {}, one.first_name, el("small", {}, one.language_code ?? "")), badge(`p${one.id}`))));
}

function drawPhone() {
  const me = person();
  const chat = state.chats[pick.person] ?? { messages: [] };
  phone.head.replaceChildren(avatar(state.bot.first_name, state.bot.id ?? 1, "bot"),
    el("div", { class: "who" }, el("b", {}, state.bot.first_name ?? ""), el("small", { class: isTyping(pick.person) ? "typing" : "", "data-testid": "typing" }, isTyping(pick.person) ? word("typing") : word("bot"))),
    el("button", { class: "icon", type: "button", "data-testid": "phone-menu", "aria-label": "⋯", onclick: (e) => phoneMenu(e.currentTarget, me) }, "⋮"));
  let block = null;
  if (me?.deactivated) block = { text: word("gone") };
  else if (me?.blocked) block = { text: word("restart"), action: () => phone.say("/start") };
  else if (me && !chat.messages.length) block = { text: word("start"), action: () => phone.say("/start") };
  const about = me?.description ? [el("b", {}, word("started")), el("p", {}, me.description)] : [el("p", {}, `@${state.bot.username ?? ""}`)];
  phone.render(chat.messages, { keyboard: chat.keyboard, block, commands: me?.commands, empty: about });
}

function phoneMenu(anchor, me) {
  openMenu(anchor, [{ label: word(me.blocked ? "unblock" : "block"), symbol: me.blocked ? "✓" : "⛔", test: "block-toggle",
    run: () => post("block", { person: me.id, on: !me.blocked }) }]);
}

function drawOperators() {
  byId("desk-title").textContent = group()?.title ?? word("desk");
  byId("operators").setAttribute("aria-label", word("as"));
  byId("operators").replaceChildren(el("span", { class: "as" }, word("as")), ...deskPeople().map((one) => el("button", { type: "button", role: "radio",
    "aria-checked": String(one.id === pick.operator), "data-testid": `operator-${one.id}`, "data-name": one.first_name,
    onclick: () => { pick.operator = one.id; draw(); } }, avatar(one.first_name, one.id, "tiny"), one.first_name)));
  const waitingCount = [...unread].filter(([key]) => key.startsWith("t")).length;
  byId("desk-dot").hidden = !waitingCount;
}

function drawTopics() {
  const home = group();
  const messages = (state.chats[pick.group]?.messages ?? []).filter((one) => !one.deleted);
  const last = new Map();
  for (const body of messages) last.set(body.message_thread_id ?? 0, body);
  const topics = [...(home?.topics ?? [])].sort((a, b) => (last.get(b.id)?.date ?? 0) - (last.get(a.id)?.date ?? 0) || b.id - a.id);
  const row = (id, name, closed, colour) => el("button", { type: "button", class: "topic", "aria-current": String(pick.thread === id), "data-testid": `topic-${id}`, "data-name": name, "data-closed": String(closed), onclick: () => chooseThread(id) },
    el("span", { class: "topic-icon", style: `--tint:#${colour.toString(16).padStart(6, "0")}` }, id ? [...name][0] ?? "#" : "#"),
    el("span", { class: "topic-text" }, el("b", {}, name, closed ? el("em", {}, "🔒") : null), el("small", {}, last.get(id) ? `${last.get(id).from?.first_name ?? ""}: ${summary(last.get(id))}` : "")), badge(`t${id}`));
  const list = [];
  if (home && !home.general.hidden) list.push(row(0, home.is_forum ? (home.general.name === "General" ? word("general") : home.general.name) : home.title, home.general.closed, 0x8a97a0));
  list.push(...topics.map((one) => row(one.id, one.name, one.closed, one.colour)));
  if (home?.is_forum && !topics.length) list.push(el("p", { class: "hint" }, word("noTopics")));
  byId("topics").replaceChildren(...list);
}

function drawDesk() {
  const home = group();
  const topic = home?.topics.find((one) => one.id === pick.thread);
  const messages = (state.chats[pick.group]?.messages ?? []).filter((one) => (one.message_thread_id ?? 0) === pick.thread);
  const name = topic?.name ?? (home?.is_forum ? word("general") : home?.title ?? "");
  const key = pick.thread ? `${pick.group}/${pick.thread}` : pick.group;
  const note = isTyping(key) ? word("typing") : topic?.closed ? word("closed") : "";
  desk.head.replaceChildren(el("button", { class: "icon back", type: "button", "data-testid": "desk-back", "aria-label": word("back"), onclick: () => { byId("desk-chat").parentElement.dataset.open = ""; } }, "‹"),
    el("div", { class: "who" }, el("b", { "data-testid": "topic-title" }, name), el("small", { class: isTyping(key) ? "typing" : "" }, note)),
    home?.is_forum ? el("button", { class: "icon", type: "button", "data-testid": "topic-menu", "aria-label": "⋯", onclick: (e) => topicMenu(e.currentTarget, topic) }, "⋮") : null);
  desk.render(messages, { empty: [el("p", {}, word("quiet"))], block: home && deskPeople().length ? null : { text: word("noTopics") } });
}

function topicMenu(anchor, topic) {
  const act = (what, values = {}) => post("topic", { person: pick.operator, chat: pick.group, thread: topic?.id ?? null, what, ...values }).then((answer) => answer.ok || onError(answer.error));
  const open = { label: word("openTopic"), symbol: "＋", test: "topic-open", run: () => { const text = prompt(word("topicName")); if (text) act("open", { text }); } };
  openMenu(anchor, topic ? [
    topic.closed ? { label: word("reopenTopic"), symbol: "🔓", test: "topic-reopen", run: () => act("reopen") } : { label: word("closeTopic"), symbol: "🔒", test: "topic-close", run: () => act("close") },
    { label: word("deleteTopic"), symbol: "🗑", test: "topic-delete", run: () => act("delete") }, open,
  ] : [open]);
}

// ---- answers ---------------------------------------------------------------------------------------------------

function onTap(answer, key) {
  if (!answer.ok || !answer.callback || answered.delete(answer.callback)) {
    key.classList.remove("waiting");
    if (!answer.ok) onError(answer.error);
    return;
  }
  waiting.set(answer.callback, key);
  setTimeout(() => key.classList.remove("waiting"), 15000);
}

function showAnswer(event) {
  const key = waiting.get(event.callback);
  if (key) key.classList.remove("waiting");
  else answered.add(event.callback);
  waiting.delete(event.callback);
  if (event.user !== pick.person && event.user !== pick.operator) return;
  const onDesk = event.user === pick.operator && event.chat === pick.group;
  if (event.show_alert && event.text) showAlert(event.text, onDesk);
  else if (event.text) showToast(event.text, onDesk);
}

const sideOf = (onDesk) => (onDesk ? byId("desk-chat") : byId("phone-chat").parentElement);

let toastTimer = 0;
function showToast(text, onDesk = false) {
  const toast = byId("toast");
  sideOf(onDesk).append(toast);
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), 4000);
}

// What was said to one person or in one topic does not hang over the next.
function clearAnswers(side) {
  for (const name of ["toast", "alert"]) if (byId(name).parentElement === side) byId(name).hidden = true;
}

function showAlert(text, onDesk = false) {
  sideOf(onDesk).append(byId("alert"));
  byId("alert").querySelector("p").textContent = text;
  byId("alert").hidden = false;
  byId("alert").querySelector("button").focus();
}

function onError(text) {
  showToast(text, !visible("phone"));
}

function onImage(address) {
  byId("viewer").querySelector("img").src = address;
  byId("viewer").hidden = false;
}

// ---- inline queries --------------------------------------------------------------------------------------------

let question = null;
let asking = 0;
function askInline(text) {
  const head = `@${state.bot.username} `;
  clearTimeout(asking);
  if (!text.startsWith(head)) return (phone.results.hidden = true);
  asking = setTimeout(async () => { question = (await post("inline", { person: pick.person, chat: pick.person, text: text.slice(head.length) })).question; }, 250);
}

function showResults(event) {
  if (event.question !== question) return;
  const rows = event.results.map((one) => el("button", { type: "button", "data-testid": "inline-result", onclick: () => {
    phone.results.hidden = true;
    phone.input.value = "";
    post("choose", { person: pick.person, chat: pick.person, question, result: one.id });
  } }, el("b", {}, one.title ?? ""), el("small", {}, one.description ?? one.message?.text ?? "")));
  phone.results.replaceChildren(...(rows.length ? rows : [el("p", { class: "hint" }, word("noInline"))]));
  phone.results.hidden = false;
}

// ---- the page itself -------------------------------------------------------------------------------------------

byId("language").onclick = () => { switchLanguage(); phone.forget(); desk.forget(); draw(); };
byId("theme").onclick = () => {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  localStorage.setItem("page-theme", (document.documentElement.dataset.theme = dark ? "light" : "dark"));
};
byId("trouble").onclick = (e) => openMenu(e.currentTarget, [
  ["drop_after", "dropped", "✂"], ["bad_gateway", "refused", "🚧"], ["too_many", "limited", "🐢"], ["delay", "slow", "⏳"], ["clear", "clear", "☀"],
].map(([what, label, symbol]) => ({ label: word(label), symbol, test: `fault-${what}`, run: () => post("fault", { what, count: 3, seconds: 4 }) })));
byId("alert").querySelector("button").onclick = () => (byId("alert").hidden = true);
byId("viewer").onclick = () => (byId("viewer").hidden = true);
for (const tab of document.querySelectorAll(".tabs button")) tab.onclick = () => { document.body.dataset.tab = tab.dataset.tab; draw(); };
if (localStorage.getItem("page-theme")) document.documentElement.dataset.theme = localStorage.getItem("page-theme");
captionsNow();
live();
