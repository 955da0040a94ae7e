// A small menu beside the button that opened it.
import { el } from "./dom.js";

const menu = document.getElementById("menu");
let owner = null;

export function openMenu(anchor, items, style = "") {
  if (owner === anchor && !menu.hidden) return closeMenu();
  owner = anchor;
  menu.className = `menu ${style}`;
  menu.replaceChildren(...items.map((item) => el("button", { type: "button", "data-testid": item.test, onclick: () => { closeMenu(); item.run(); } },
    item.symbol ? el("span", { "aria-hidden": "true" }, item.symbol) : null, item.label)));
  menu.hidden = false;
  const box = anchor.getBoundingClientRect();
  const own = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - own.width - 8))}px`;
  const above = box.top - own.height - 6;
  menu.style.top = `${above > 8 ? above : Math.min(box.bottom + 6, innerHeight - own.height - 8)}px`;
  menu.querySelector("button")?.focus({ preventScroll: true });
}

export function closeMenu() {
  menu.hidden = true;
  owner = null;
}

document.addEventListener("pointerdown", (event) => {
  if (!menu.hidden && !menu.contains(event.target) && !owner?.contains(event.target)) closeMenu();
});
document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenu());
