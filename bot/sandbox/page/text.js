// Draws a text with its entities. Offsets are UTF-16 units, which is what JavaScript strings count.
import { el } from "./dom.js";

const SIMPLE = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

export function rich(text, entities = [], onCommand = null) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return draw(text, sorted, 0, text.length, onCommand);
}

function draw(text, entities, start, end, onCommand) {
  const out = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    index += 1;
    if (to <= from) continue;
    const inner = [];
    while (index < entities.length && entities[index].offset < to) inner.push(entities[index++]);
    if (from > at) out.push(text.slice(at, from));
    out.push(wrap(entity, text.slice(from, to), draw(text, inner, from, to, onCommand), onCommand));
    // an inner entity may reach further than this one
    const rest = inner.filter((one) => one.offset + one.length > to).map((one) => ({ ...one, offset: to, length: one.offset + one.length - to }));
    entities = [...entities.slice(0, index), ...rest, ...entities.slice(index)];
    at = to;
    if (BLOCKS.has(entity.type) && text[at] === "\n" && at < end) at += 1; // a block ends its line by itself
  }
  if (at < end) out.push(text.slice(at, end));
  return out;
}

function wrap(entity, plain, children, onCommand) {
  const kind = entity.type;
  if (SIMPLE[kind]) return el(SIMPLE[kind], {}, ...children);
  if (kind === "pre") return el("pre", { "data-language": entity.language }, el("code", {}, ...children));
  if (kind === "spoiler") return el("span", { class: "spoiler", tabindex: "0", onclick: (e) => { e.stopPropagation(); e.currentTarget.classList.add("open"); } }, ...children);
  if (kind === "blockquote") return el("blockquote", {}, ...children);
  if (kind === "expandable_blockquote") return el("blockquote", { class: "folded", onclick: (e) => { e.stopPropagation(); e.currentTarget.classList.toggle("folded"); } }, ...children);
  if (kind === "bot_command") return el("button", { class: "link", type: "button", onclick: (e) => { e.stopPropagation(); onCommand?.(plain); } }, ...children);
  const href = address(entity, plain);
  if (href) return el("a", { href, target: "_blank", rel: "noopener noreferrer", onclick: (e) => e.stopPropagation() }, ...children);
  if (["mention", "hashtag", "cashtag", "text_mention"].includes(kind)) return el("span", { class: "link" }, ...children);
  return el("span", {}, ...children);
}

function address(entity, plain) {
  if (entity.type === "text_link") return safe(entity.url);
  if (entity.type === "url") return safe(/^[a-z]+:\/\//i.test(plain) ? plain : `http://${plain}`);
  if (entity.type === "email") return `mailto:${plain}`;
  if (entity.type === "phone_number") return `tel:${plain.replace(/[^+\d]/g, "")}`;
  return null;
}

export const safe = (url) => (/^(https?|tg|tonsite):\/\//i.test(url) ? url : null);
