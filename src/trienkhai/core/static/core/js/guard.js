// Forms marked data-guard: leaving with unsaved changes asks first.
let leaving = false;

function snapshot(form) {
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken");
  return JSON.stringify([...data].map(([name, value]) => [name, typeof value === "string" ? value : value.name]));
}

const before = new WeakMap();

export function guardForms(container) {
  for (const form of container.querySelectorAll("form[data-guard]")) {
    // A form that came back with faults holds what was never saved.
    before.set(form, document.querySelector(".errors") ? "" : snapshot(form));
    form.addEventListener("submit", () => { leaving = true; });
  }
}

window.addEventListener("pageshow", () => { leaving = false; });
window.addEventListener("beforeunload", (event) => {
  if (leaving) return;
  for (const form of document.querySelectorAll("form[data-guard]")) {
    if (before.has(form) && snapshot(form) !== before.get(form)) event.preventDefault();
  }
});
