// One chat: its head, its messages, and what a person writes with.
import { el, post } from "./dom.js";
import { drawMessage, drawService, isService, summary } from "./message.js";
import { openMenu } from "./menu.js";
import { word } from "./words.js";

const FOLLOWED = 15000; // milliseconds that an answer may take
const EMOJI = ["👍", "❤", "🔥", "🙏", "😢", "🤔", "👎"];

export class ChatView {
  // options: {root, name, showNames, onAct, onTap, onImage}; place() -> {person, chat, thread, ...} or null
  constructor(options, place) {
    Object.assign(this, options);
    this.place = place;
    this.drawn = new Map();
    this.drafts = new Map();
    this.selected = null;
    this.editing = null;
    this.head = el("header", { class: "chat-head" });
    this.list = el("div", { class: "messages", "data-testid": `${this.name}-messages`, role: "log", "aria-live": "polite", tabindex: "0" });
    this.foot = el("footer", { class: "composer" });
    this.following = 0; // until when what comes is followed: it answers something done higher up
    for (const name of ["wheel", "touchmove"]) this.list.addEventListener(name, () => (this.following = 0), { passive: true });
    this.root.append(this.head, this.list, this.foot);
    this.buildFoot();
  }

  buildFoot() {
    this.bar = el("div", { class: "reply-bar", "data-testid": `${this.name}-reply-bar`, hidden: true });
    this.results = el("div", { class: "results", "data-testid": `${this.name}-inline`, hidden: true });
    this.input = el("textarea", { rows: "1", dir: "auto", "data-testid": `${this.name}-input`, autocomplete: "off",
      onkeydown: (event) => this.onKey(event), oninput: () => this.onInput() });
    this.upload = el("input", { type: "file", hidden: true, onchange: () => this.onUpload() });
    this.attach = el("button", { class: "icon", type: "button", "data-testid": `${this.name}-attach`, onclick: () => this.openAttach() }, "📎");
    this.commands = el("button", { class: "icon slash", type: "button", "data-testid": `${this.name}-commands`, hidden: true, onclick: () => this.openCommands() }, "/");
    this.submit = el("button", { class: "icon send", type: "button", "data-testid": `${this.name}-send`, onclick: () => this.send() }, "➤");
    this.line = el("div", { class: "line" }, this.attach, this.commands, this.input, this.submit, this.upload);
    this.keys = el("div", { class: "keys", "data-testid": `${this.name}-keyboard`, hidden: true });
    this.big = el("button", { class: "big", type: "button", "data-testid": `${this.name}-start`, hidden: true });
    this.foot.append(this.results, this.bar, this.line, this.big, this.keys);
  }

  // messages: bodies in order; state: {keyboard, block: null | {text, action}, commands}
  render(messages, state = {}) {
    const where = this.place();
    const key = where ? `${where.person}/${where.chat}/${where.thread ?? 0}` : "";
    if (key !== this.key) this.changePlace(key);
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    const grew = messages.length !== this.count;
    this.count = messages.length;
    const nodes = where ? this.nodes(messages, where) : [];
    if (!nodes.length && state.empty) nodes.push(el("div", { class: "empty" }, ...state.empty));
    this.list.replaceChildren(...nodes);
    this.renderFoot(where, state);
    if (atEnd || this.fresh || (grew && Date.now() < this.following)) this.toEnd();
    this.fresh = false;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    for (const picture of this.list.querySelectorAll("img:not([data-watched])")) {
      picture.dataset.watched = "1";
      picture.addEventListener("load", () => (this.list.scrollTop = this.list.scrollHeight), { once: true });
    }
  }

  changePlace(key) {
    this.drafts.set(this.key, this.input.value);
    this.key = key;
    this.fresh = true;
    this.selected = this.editing = null;
    this.drawn.clear();
    this.input.value = this.drafts.get(key) ?? "";
    this.results.hidden = true;
    this.grow();
  }

  nodes(messages, where) {
    const nodes = [];
    let day = "";
    let speaker = null;
    for (let index = 0; index < messages.length; index++) {
      const body = messages[index];
      const album = [body];
      while (body.media_group_id && messages[index + 1]?.media_group_id === body.media_group_id) album.push(messages[++index]);
      const date = new Date(body.date * 1000).toDateString();
      if (date !== day) {
        day = date;
        nodes.push(this.keep(`day ${date}`, "", () => el("div", { class: "day" }, this.dayName(body.date))));
      }
      const version = album.map((one) => `${one.seq}${one.deleted ? "x" : ""}`).join() + (this.selected === body.message_id ? "*" : "");
      const next = messages[index + 1];
      const run = { first: speaker !== body.from?.id, last: !next || isService(next) || next.from?.id !== body.from?.id };
      speaker = isService(body) ? null : body.from?.id;
      nodes.push(this.keep(body.message_id, `${version}${run.first}${run.last}`, () => this.draw(body, where, album.filter((one) => !one.deleted), run)));
    }
    return nodes;
  }

  dayName(seconds) {
    const date = new Date(seconds * 1000);
    return date.toDateString() === new Date().toDateString() ? word("today") : date.toLocaleDateString();
  }

  keep(key, version, make) {
    const old = this.drawn.get(key);
    if (old && old.version === version) return old.node;
    const node = make();
    this.drawn.set(key, { version, node });
    return node;
  }

  forget() {
    this.drawn.clear();
  }

  acted() {
    this.following = Date.now() + FOLLOWED;
    this.onAct();
  }

  draw(body, where, album, run) {
    if (!album.length) return el("div", { class: "service deleted", "data-testid": "deleted-message", "data-message-id": body.message_id }, word("deleted"));
    if (isService(body)) return drawService(body);
    try {
      return this.drawOne(album, where, run);
    } catch (error) { // an update fed from outside may hold anything
      console.warn(error);
      return el("div", { class: "service", "data-message-id": body.message_id }, word("service"));
    }
  }

  drawOne(album, where, run) {
    return drawMessage(album[0], {
      me: where.person, showNames: this.showNames, ...run, selected: this.selected,
      onSelect: (chosen) => this.select(chosen), onCommand: (text) => this.say(text), onImage: this.onImage,
      onTap: (answer, key) => this.onTap(answer, key), onPress: () => this.acted(), onJump: (id) => this.jump(id),
      onReact: (message, emoji) => this.act("react", { message: message.message_id, emoji }),
    }, album);
  }

  jump(id) {
    this.following = 0;
    const target = this.list.querySelector(`[data-message-id="${id}"]`);
    target?.scrollIntoView({ block: "center", behavior: "smooth" });
    target?.classList.add("found");
    setTimeout(() => target?.classList.remove("found"), 1200);
  }

  select(body) {
    this.editing = null;
    this.selected = this.selected === body.message_id ? null : body.message_id;
    this.chosen = body;
    this.refresh();
    if (this.selected && matchMedia("(hover: hover)").matches) this.input.focus();
  }

  renderFoot(where, { keyboard, block, commands }) {
    this.line.hidden = !where || Boolean(block);
    this.big.hidden = !block;
    if (block) {
      this.big.textContent = block.text;
      this.big.disabled = !block.action;
      this.big.onclick = block.action ?? null;
    }
    this.input.placeholder = word("message");
    this.input.setAttribute("aria-label", word("message"));
    this.submit.title = this.submit.ariaLabel = word("send");
    this.attach.title = this.attach.ariaLabel = word("attach");
    this.commands.title = this.commands.ariaLabel = word("commands");
    this.commandList = commands ?? [];
    this.commands.hidden = !this.commandList.length;
    this.renderBar();
    this.renderKeys(block ? null : keyboard);
  }

  renderBar() {
    const message = this.editing ?? (this.selected ? this.chosen : null);
    this.bar.hidden = !message;
    if (!message) return;
    const own = message.from?.id === this.place()?.person;
    const title = this.editing ? word("editing") : `${word("replyTo")} ${message.from?.first_name ?? ""}`;
    const action = (label, symbol, test, run) => el("button", { class: "icon", type: "button", title: label, "aria-label": label, "data-testid": test, onclick: run }, symbol);
    const tools = this.editing ? [] : [
      action(word("react"), "🙂", `${this.name}-react`, (e) => this.openReactions(e.currentTarget, message)),
      own && action(word("edit"), "✎", `${this.name}-edit`, () => this.startEdit(message)),
      own && action(word("remove"), "🗑", `${this.name}-delete`, () => this.finish("delete", { message: message.message_id })),
    ];
    this.bar.replaceChildren(el("div", { class: "reply-text" }, el("b", {}, title), el("span", {}, summary(message))),
      ...tools.filter(Boolean), action(word("cancel"), "✕", `${this.name}-cancel`, () => this.clear()));
  }

  renderKeys(keyboard) {
    const rows = keyboard?.keyboard ?? [];
    this.keys.hidden = !rows.length;
    this.keys.replaceChildren(...rows.map((row) => el("div", { class: "button-row" }, ...row.map((key) => {
      const text = typeof key === "string" ? key : key.text;
      return el("button", { class: `key ${key.style ?? ""}`, type: "button", dir: "auto", "data-testid": "reply-key", onclick: () => this.press(key, text) }, text);
    }))));
  }

  press(key, text) {
    if (key.request_contact) return this.act("contact");
    if (key.request_location) return this.act("location");
    return this.say(text);
  }

  startEdit(message) {
    this.editing = message;
    this.selected = null;
    this.input.value = message.text ?? message.caption ?? "";
    this.grow();
    this.refresh();
    this.input.focus();
  }

  clear() {
    if (this.editing) this.input.value = "";
    this.selected = this.editing = null;
    this.grow();
    this.refresh();
  }

  async finish(name, values) {
    this.clear();
    await this.act(name, values);
  }

  openReactions(anchor, message) {
    openMenu(anchor, EMOJI.map((emoji) => ({ label: emoji, test: `react-${emoji}`, run: () => this.finish("react", { message: message.message_id, emoji }) })), "emoji");
  }

  openAttach() {
    const sample = (kind, symbol) => ({ label: word(kind), symbol, test: `attach-${kind}`, run: () => this.act("file", { kind, ...this.takeCaption() }) });
    openMenu(this.attach, [
      { label: word("upload"), symbol: "📁", test: "attach-upload", run: () => this.upload.click() },
      { ...sample("photo", "🖼"), label: word("sample") }, { label: word("album"), symbol: "▦", test: "attach-album", run: () => this.act("album", this.takeCaption()) },
      { ...sample("document", "📄") }, sample("voice", "🎤"), sample("video_note", "◉"),
      { label: word("location"), symbol: "📍", test: "attach-location", run: () => this.act("location") },
      { label: word("myContact"), symbol: "👤", test: "attach-contact", run: () => this.act("contact") }, sample("sticker", "🙂"),
    ]);
  }

  openCommands() {
    openMenu(this.commands, this.commandList.map((one) => ({ label: `/${one.command} · ${one.description}`, run: () => this.say(`/${one.command}`) })));
  }

  takeCaption() {
    const caption = this.input.value.trim();
    this.input.value = "";
    this.grow();
    return caption ? { caption } : {};
  }

  onUpload() {
    const file = this.upload.files[0];
    if (file) this.act("file", { kind: file.type.startsWith("image/") ? "photo" : "document", ...this.takeCaption() }, file);
    this.upload.value = "";
  }

  onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") this.clear();
  }

  onInput() {
    this.grow();
    this.onTyping?.(this.input.value);
  }

  grow() {
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 130)}px`; // 0 while hidden
  }

  send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.grow();
    this.results.hidden = true;
    if (this.editing) {
      const message = this.editing.message_id;
      this.editing = null;
      this.act("edit", { message, text });
    } else this.say(text);
  }

  say(text) {
    return this.act("send", { text });
  }

  async act(name, values = {}, file = null) {
    const where = this.place();
    const reply = this.selected && !("message" in values) ? { reply_to: this.selected } : {};
    if (reply.reply_to) this.selected = null;
    if (name !== "react" && name !== "delete" && name !== "edit") this.acted();
    const answer = await post(name, { person: where.person, chat: where.chat, thread: where.thread ?? null, ...reply, ...values }, file);
    if (!answer.ok) this.onError(answer.error);
    this.refresh();
    return answer;
  }
}
