// Draws one message: what it answers, its content, its buttons, its reactions.
import { avatar, clock, colourOf, el, post, size } from "./dom.js";
import { rich, safe } from "./text.js";
import { word } from "./words.js";

const SERVICE = ["forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "pinned_message",
  "new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id", "new_chat_title"];
const KINDS = ["text", "photo", "animation", "document", "voice", "video_note", "video", "audio", "sticker", "venue", "location", "contact", "dice", "poll"];

export const kindOf = (body) => KINDS.find((kind) => kind in body) ?? SERVICE.find((kind) => kind in body) ?? "service";
export const isService = (body) => !KINDS.some((kind) => kind in body);

export function summary(body) {
  const kind = kindOf(body);
  const text = body.text ?? body.caption ?? "";
  if (kind === "text") return text;
  if (isService(body)) return serviceText(body);
  const name = { photo: "📷 ", voice: "🎤 ", location: "📍 ", document: "📄 ", contact: "👤 " }[kind] ?? "";
  const label = kind === "sticker" ? body.sticker.emoji ?? word("sticker") : word(kind);
  return `${name}${label}${text ? " · " + text : ""}`;
}

export function serviceText(body) {
  const kind = kindOf(body);
  const who = body.from?.first_name ?? "";
  const what = body[kind];
  const name = kind === "forum_topic_created" ? ` «${what.name}»` : kind === "forum_topic_edited" && what.name ? ` «${what.name}»` : kind === "new_chat_title" ? ` «${what}»` : "";
  return `${who} ${word(kind)}${name}`;
}

export function drawService(body) {
  return el("div", { class: "service", "data-testid": "message", "data-message-id": body.message_id, "data-kind": kindOf(body) }, serviceText(body));
}

// view: {me, showNames, first, last (of a run by one author), onSelect, onCommand, onPress, onTap, onImage, selected}
export function drawMessage(body, view, album = [body]) {
  const out = body.from?.id === view.me;
  const kind = kindOf(body);
  const bare = kind === "sticker" || kind === "video_note";
  const bubble = el("div", { class: `bubble ${bare ? "bare" : ""}` });
  if (view.showNames && !out && view.first) bubble.append(el("div", { class: "author", style: `--tint:${colourOf(body.from?.id ?? 0)}` }, body.from?.first_name ?? ""));
  if (body.forward_origin) bubble.append(el("div", { class: "forwarded" }, `${word("forwarded")} ${body.forward_origin.sender_user?.first_name ?? ""}`));
  const answered = body.reply_to_message;
  if (answered && !answered.forum_topic_created) bubble.append(quote(answered, body.quote, view));
  bubble.append(...content(body, kind, view, album));
  const words = album.find((one) => one.caption ?? one.text);
  if (words) bubble.append(el("div", { class: "words", dir: "auto", "data-testid": "message-text" }, ...rich(words.text ?? words.caption, words.entities ?? words.caption_entities, view.onCommand)));
  const edited = album.some((one) => one.edit_date) ? `${word("edited")} ` : "";
  bubble.append(el("span", { class: "meta" }, `${edited}${clock(body.date)}`));
  const reacted = reactions(album, view);
  if (reacted) bubble.append(reacted);
  bubble.addEventListener("click", () => view.onSelect(body));
  const column = el("div", { class: "column" }, bubble);
  const keyboard = body.reply_markup?.inline_keyboard;
  if (keyboard) column.append(buttons(body, keyboard, view));
  const classes = `row ${out ? "out" : "in"} ${view.selected === body.message_id ? "selected" : ""}`;
  return el("div", { class: classes, "data-testid": "message", "data-message-id": body.message_id, "data-kind": kind, "data-out": String(out) },
    view.showNames && !out ? (view.last ? avatar(body.from?.first_name, body.from?.id ?? 0, "small") : el("span", { class: "spacer" })) : null, column);
}

function quote(answered, part, view) {
  return el("button", { class: "quote", type: "button", onclick: (e) => { e.stopPropagation(); view.onJump(answered.message_id); } },
    el("b", {}, answered.from?.first_name ?? ""), el("span", {}, part?.text ?? summary(answered)));
}

const fileUrl = (id) => `/__file/${encodeURIComponent(id)}`;

function content(body, kind, view, album) {
  if (kind === "photo") return [photos(album, view)];
  if (kind === "voice" || kind === "audio") return [voice(body[kind])];
  if (kind === "video_note") return [el("div", { class: "round", role: "img", "aria-label": word("video_note") }, el("span", {}, "▶"))];
  if (kind === "video" || kind === "animation") return [el("div", { class: "film", role: "img", "aria-label": word("video") }, el("span", {}, "▶"))];
  if (kind === "document") return album.map((one) => doc(one.document));
  if (kind === "sticker") return [el("div", { class: "sticker", role: "img" }, body.sticker.emoji ?? "🙂")];
  if (kind === "location" || kind === "venue") return [place(body.venue?.location ?? body.location, body.venue)];
  if (kind === "contact") return [contact(body.contact)];
  if (kind === "dice") return [el("div", { class: "sticker" }, body.dice.emoji)];
  if (kind === "poll") return [el("div", { class: "poll" }, el("b", {}, body.poll.question), ...body.poll.options.map((one) => el("div", {}, `○ ${one.text}`)))];
  return [];
}

function photos(album, view) {
  const pictures = album.filter((one) => one.photo).map((one) => {
    const biggest = one.photo[one.photo.length - 1];
    const address = fileUrl(biggest.file_id);
    return el("img", { src: address, alt: word("photo"), loading: "lazy", style: `aspect-ratio:${biggest.width}/${biggest.height}`,
      onclick: (e) => { e.stopPropagation(); view.onImage(address); } });
  });
  return el("div", { class: `photos ${pictures.length > 1 ? "album" : ""}`, "data-testid": pictures.length > 1 ? "album" : "photo" }, ...pictures);
}

function voice(file) {
  const bars = Array.from({ length: 26 }, (_, i) => el("i", { style: `height:${20 + ((i * 37 + file.file_id.length * 11) % 75)}%` }));
  const sound = new Audio(fileUrl(file.file_id));
  sound.preload = "none";
  const play = el("button", { class: "play", type: "button", "aria-label": word("voice"), onclick: (e) => {
    e.stopPropagation();
    sound.paused ? sound.play().catch(() => {}) : sound.pause();
  } }, "▶");
  sound.addEventListener("play", () => (play.textContent = "❚❚"));
  for (const name of ["pause", "ended"]) sound.addEventListener(name, () => (play.textContent = "▶"));
  const seconds = `${Math.floor(file.duration / 60)}:${String(file.duration % 60).padStart(2, "0")}`;
  return el("div", { class: "voice", "data-testid": "voice" }, play, el("div", { class: "wave", "aria-hidden": "true" }, ...bars), el("span", {}, seconds));
}

function doc(file) {
  return el("a", { class: "doc", href: fileUrl(file.file_id), download: file.file_name ?? "file", "data-testid": "document", onclick: (e) => e.stopPropagation() },
    el("span", { class: "doc-icon", "aria-hidden": "true" }, "📄"), el("span", {}, el("b", {}, file.file_name ?? word("document")), el("small", {}, size(file.file_size ?? 0))));
}

function place(where, venue) {
  const text = `${where.latitude.toFixed(4)}, ${where.longitude.toFixed(4)}`;
  return el("div", { class: "place", "data-testid": "location", role: "img", "aria-label": word("map") },
    el("div", { class: "map" }, el("span", { class: "pin" }, "📍")), el("div", { class: "place-text" }, venue ? el("b", {}, venue.title) : null, el("small", {}, venue?.address ?? text)));
}

function contact(person) {
  return el("div", { class: "card", "data-testid": "contact" }, avatar(person.first_name, person.user_id ?? 3),
    el("span", {}, el("b", {}, person.first_name), el("small", {}, person.phone_number)));
}

function reactions(album, view) {
  const given = album.flatMap((one) => one.reactions ?? []);
  if (!given.length) return null;
  const counts = new Map();
  for (const one of given) counts.set(one.emoji, [...(counts.get(one.emoji) ?? []), one.user]);
  return el("div", { class: "reactions", "data-testid": "reactions" }, ...[...counts].map(([emoji, users]) =>
    el("button", { type: "button", class: users.includes(view.me) ? "mine" : "", onclick: (e) => { e.stopPropagation(); view.onReact(album[0], emoji); } },
      emoji, users.length > 1 ? ` ${users.length}` : "")));
}

function buttons(body, keyboard, view) {
  return el("div", { class: "buttons" }, ...keyboard.map((row, rowIndex) => el("div", { class: "button-row" }, ...row.map((button, column) => {
    const props = { class: `key ${button.style ?? ""}`, "data-testid": "inline-button", dir: "auto" };
    const address = button.url ?? button.web_app?.url;
    if (address) return el("a", { ...props, href: safe(address) ?? "#", target: "_blank", rel: "noopener noreferrer" }, button.text, el("span", { class: "corner" }, "↗"));
    return el("button", { ...props, type: "button", onclick: async (e) => {
      const key = e.currentTarget;
      if (button.copy_text) return navigator.clipboard?.writeText(button.copy_text.text);
      key.classList.add("waiting");
      view.onPress();
      const answer = await post("tap", { person: view.me, chat: body.chat.id, message: body.message_id, row: rowIndex, column });
      view.onTap(answer, key);
    } }, button.text);
  }))));
}
