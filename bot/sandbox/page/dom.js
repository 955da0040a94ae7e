// Makes elements: el("div", {class: "x", onclick: f, "data-testid": "y"}, child, "text").
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key in node && typeof value === "boolean") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

const COLOURS = ["#c0563f", "#a8742a", "#5f7f2f", "#2b7a78", "#3a6ea5", "#6a5aa8", "#a44f7f"];
export const colourOf = (id) => COLOURS[Math.abs(id) % COLOURS.length];

export function avatar(name, id, extra = "") {
  const letter = [...(name || "?").trim()][0]?.toUpperCase() ?? "?";
  return el("span", { class: `avatar ${extra}`, style: `--tint:${colourOf(id)}`, "aria-hidden": "true" }, letter);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

export async function post(act, values = {}, file = null) {
  let body, headers;
  if (file) {
    body = new FormData();
    for (const [key, value] of Object.entries({ act, ...values })) if (value !== null && value !== undefined) body.append(key, value);
    body.append("file", file);
  } else {
    headers = { "Content-Type": "application/json" };
    body = JSON.stringify({ act, ...values });
  }
  const response = await fetch("/__act", { method: "POST", headers, body });
  return response.json();
}
