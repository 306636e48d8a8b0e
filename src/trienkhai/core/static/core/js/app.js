// On every page. Nothing here is needed: each form and link also works without scripts.
import { guardForms } from "./guard.js";

const root = document.documentElement;
root.dataset.js = "";

// Read larger, read darker: at once, and remembered by the server as without scripts.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-preferences]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const { name, value } = event.submitter;
  if (name === "text") {
    if (value === "large") root.dataset.text = "large";
    else delete root.dataset.text;
  } else {
    root.dataset.theme = value;
  }
  const body = new URLSearchParams(new FormData(form, event.submitter));
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  for (const button of form.querySelectorAll("button")) {
    if (button !== event.submitter && button.name === name && button.offsetParent) button.focus();
  }
});

// Messages can be put away; copy buttons copy.
document.addEventListener("click", async (event) => {
  const away = event.target.closest("[data-dismiss]");
  if (away) {
    away.closest("[data-dismissable]").remove();
    document.getElementById("main")?.focus();
    return;
  }
  const button = event.target.closest("[data-copy-button]");
  if (button) await copy(button);
});

async function copy(button) {
  const box = button.closest("[data-copy]");
  const source = box.querySelector("[data-copy-source]");
  source.select();
  try {
    await navigator.clipboard.writeText(source.value);
  } catch {
    // Plain http in a local network has no clipboard interface; the old way still works there.
    if (!document.execCommand("copy")) return;
  }
  const status = box.querySelector("[data-copy-status]");
  status.textContent = "";
  status.textContent = button.dataset.copied;
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  setTimeout(() => { words.textContent = before; }, 3000);
}

// The phone menu closes with Escape.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.(".phone-menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Printing is a button where scripts run.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A table that fits needs no stop for the keyboard.
const fit = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (scrolls) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const region of document.querySelectorAll(".table-region")) fit.observe(region);

// A form that came back starts at its faults.
document.querySelector("[data-focus]")?.focus();

guardForms(document);
